/**
 * Restores the state that a recorded tenant had before its recording. Sets the settings of every tenant to the values
 * in the first recorded answer. Removes objects from lists that no recorded step created, since they are not compared.
 */
import { isMadeId, type Step } from './cassettes.js';

/** Resources that exist once in a tenant. */
const SETTINGS = ['/tenants/settings', '/branding'];

/** Splits flags into one request each: if this server refuses one, the others are still set. */
function toParts(name: string, value: unknown): readonly object[] {
  if (name !== 'flags') return [{ [name]: value }];
  return Object.entries(Object(value)).map(([flag, on]) => ({ flags: { [flag]: on } }));
}

/**
 * Returns requests that set the settings to their state before the recording, one property each. A refused one shows as
 * a difference later.
 */
export function stepsBefore(steps: readonly Step[]): readonly Step[] {
  return SETTINGS.flatMap((path) => {
    const first = steps.find((step) => step.path.split('?')[0] === path && step.status === 200);
    const parts = Object.entries(Object(first?.answered)).flatMap(([name, value]) => toParts(name, value));
    return parts.map((sent) => ({ method: 'PATCH', path, sent, status: 200, answered: undefined }));
  });
}

/** Adds all ids in the answer to a write. */
export function collectMade(answered: unknown, made: Set<string>): void {
  if (isMadeId(answered)) made.add(answered);
  else if (typeof answered === 'object' && answered !== null)
    for (const value of Object.values(answered)) collectMade(value, made);
}

const IDS = ['id', 'client_id', 'user_id', 'custom_domain_id'];

/**
 * Returns a recorded answer whose lists contain only objects that the recording created. Objects without an id stay.
 */
export function withoutFormer(answered: unknown, made: ReadonlySet<string>): unknown {
  const isOwn = (item: unknown) => {
    const ids = IDS.map((name) => Object(item)[name]).filter(isMadeId);
    return ids.length === 0 || ids.some((id) => made.has(id));
  };
  if (Array.isArray(answered)) return answered.filter(isOwn);
  if (typeof answered !== 'object' || answered === null) return answered;
  return Object.fromEntries(
    Object.entries(answered).map(([name, value]) => [name, Array.isArray(value) ? value.filter(isOwn) : value]),
  );
}
