/** Checks code that is not saved yet. The check neither stores nor runs the code. */
import { api } from '../../api/client';
import type { Finding } from './answers';

export interface CheckedDraft {
  readonly code: string;
  /** Id of the Action's trigger; undefined for a module. */
  readonly triggerId?: string;
  readonly dependencies: readonly { readonly name: string; readonly version: string }[];
  readonly secretNames: readonly string[];
  readonly moduleNames?: readonly string[];
}

/** Asks the API to check the code, and returns the findings. */
export async function checkCode({
  code,
  triggerId,
  dependencies,
  secretNames,
  moduleNames,
}: CheckedDraft): Promise<readonly Finding[]> {
  const body = {
    code,
    dependencies: [...dependencies],
    secret_names: [...secretNames],
    ...(triggerId !== undefined && { trigger_id: triggerId }),
    ...(moduleNames !== undefined && { module_names: [...moduleNames] }),
  };
  const { data } = await api.POST('/actions/check', { body });
  const { errors, warnings } = data;
  const defects = errors.map(({ msg, id: _, ...place }): Finding => ({ severity: 'error', message: msg, ...place }));
  return [...defects, ...warnings];
}
