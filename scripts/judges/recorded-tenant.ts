/**
 * The state of a recorded tenant before its recording: settings that every tenant has, which this server gets as the first recorded answer shows
 * them, and things in lists that no step made, which are not compared.
 */
import { isMadeId, type Step } from './cassettes.js';

/** Resources of which a tenant has one. */
const SETTINGS = ['/tenants/settings', '/branding'];

/** Flags one by one: one that this server does not take leaves the others as they are. */
function toParts(name: string, value: unknown): readonly object[] {
  if (name !== 'flags') return [{ [name]: value }];
  return Object.entries(Object(value)).map(([flag, on]) => ({ flags: { [flag]: on } }));
}

/** Steps that bring the settings to where the recording begins, a property each. Those that are refused show as differences later. */
export function stepsBefore(steps: readonly Step[]): readonly Step[] {
  return SETTINGS.flatMap((path) => {
    const first = steps.find((step) => step.path.split('?')[0] === path && step.status === 200);
    const parts = Object.entries(Object(first?.answered)).flatMap(([name, value]) => toParts(name, value));
    return parts.map((sent) => ({ method: 'PATCH', path, sent, status: 200, answered: undefined }));
  });
}

/** Adds all ids in an answer to a write. */
export function collectMade(answered: unknown, made: Set<string>): void {
  if (isMadeId(answered)) made.add(answered);
  else if (typeof answered === 'object' && answered !== null)
    for (const value of Object.values(answered)) collectMade(value, made);
}

const IDS = ['id', 'client_id', 'user_id', 'custom_domain_id'];

/** A recorded answer whose lists have only things that the recording made; things without an id stay. */
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
