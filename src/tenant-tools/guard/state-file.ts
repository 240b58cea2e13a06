/**
 * The state file on the administrator's machine: the tenant's former state, so that `uninstall` can restore it. Holds
 * no secret. Replaced completely, never partly (src/kernel/durable-files.ts).
 */
import { readFile } from 'node:fs/promises';
import { replaceDurably } from '../../kernel/durable-files.js';
import { toFileReason } from '../../kernel/file-errors.js';
import { GuardError, toUnwritten } from './guard-error.js';

export interface Binding {
  readonly actionId: string;
  readonly displayName: string;
}

export interface FormerSetting {
  readonly organizationId: string;
  readonly connectionId: string;
  readonly autoMembership: boolean;
}

export interface GuardState {
  readonly kind: 'vestibule-guard-state';
  readonly version: 1;
  /** Origin of the tenant. */
  readonly tenant: string;
  readonly installedAt: string;
  readonly actionName: string;
  readonly actionId?: string;
  readonly roleId?: string;
  /** Bindings of post-login before the first installation, in their order. */
  readonly bindings: readonly Binding[];
  /** Former settings of connections that the guard changed. */
  readonly settings: readonly FormerSetting[];
  /** Ids of organizations whose members have been marked. */
  readonly marked: readonly string[];
  readonly uninstalledAt?: string;
}

/** Returns the default path of this tenant's state file. */
export function defaultStateFile(origin: string): string {
  return `vestibule-guard.${new URL(origin).host.replace(':', '_')}.json`;
}

function isState(value: unknown): value is GuardState {
  const state = value as Partial<GuardState> | null;
  const lists = [state?.bindings, state?.settings, state?.marked];
  return state?.kind === 'vestibule-guard-state' && state.version === 1 && lists.every(Array.isArray);
}

/**
 * Reads the state; undefined where there is no file. Throws {@link GuardError} for another kind of file or another
 * tenant's.
 */
export async function findState(path: string, origin: string): Promise<GuardState | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new GuardError('use', `The state file cannot be read: ${toFileReason(error, 'read', path)}.`);
  }
  let state: unknown;
  try {
    state = JSON.parse(text);
  } catch {
    state = undefined;
  }
  if (!isState(state))
    throw new GuardError('use', `${path} is no state file of the guard.`, 'Name another one by --state.');
  if (state.tenant !== origin)
    throw new GuardError(
      'use',
      `${path} belongs to ${state.tenant}, not to ${origin}.`,
      'Name another one by --state.',
    );
  return state;
}

/**
 * Writes the state. When this returns, it survives a crash of the machine. Throws {@link GuardError} where the disk
 * fails.
 */
export async function writeState(path: string, state: GuardState): Promise<void> {
  try {
    await replaceDurably(path, `${JSON.stringify(state, null, 2)}\n`);
  } catch (error) {
    throw toUnwritten(path, error);
  }
}
