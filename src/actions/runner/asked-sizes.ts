/**
 * Checks the size of the changes (effects) that Actions request. The process checks it too, but is not trusted. Attack:
 * an Action that took over its process fills the database, or makes tokens too large for a header.
 */
import { type Effect, MAX_ASKED, SESSION_METADATA } from '../../domain/actions/action.js';

/** The values that count for one limit, by the limit's name. A later value replaces an earlier one of the same name. */
type Asked = Map<string, { readonly maximum: number; readonly values: Map<string, unknown> }>;

function collect(effects: readonly Effect[]): Asked {
  const asked: Asked = new Map();
  for (const effect of effects) {
    if (!('value' in effect)) continue;
    const place = effect.kind === 'claim' ? `${effect.token} token` : effect.kind;
    const found = asked.get(place) ?? { maximum: MAX_ASKED[effect.kind], values: new Map<string, unknown>() };
    found.values.set(effect.name, effect.value);
    asked.set(place, found);
  }
  return asked;
}

function isSessionText(effect: Effect): boolean {
  if (effect.kind !== 'session_metadata' && effect.kind !== 'refresh_token_metadata') return true;
  const { name, value } = effect;
  if (name.length > SESSION_METADATA.characters) return false;
  return value === null || (typeof value === 'string' && value.length <= SESSION_METADATA.characters);
}

/**
 * Describes the first limit that `effects` exceed; undefined if they exceed none. `effects` are all that one login
 * requested so far.
 */
export function findOversize(effects: readonly Effect[]): string | undefined {
  const wrong = effects.find((effect) => !isSessionText(effect));
  if (wrong !== undefined) return `${wrong.kind} of more than ${SESSION_METADATA.characters} characters`;
  for (const [place, { maximum, values }] of collect(effects)) {
    if (JSON.stringify(Object.fromEntries(values)).length > maximum)
      return `${place} of more than ${maximum} characters`;
    const kept = [...values.values()].filter((value) => value !== null).length;
    const isCounted = place === 'session_metadata' || place === 'refresh_token_metadata';
    if (isCounted && kept > SESSION_METADATA.names) return `${place} of more than ${SESSION_METADATA.names} names`;
  }
  return undefined;
}
