/**
 * Checks the size of the changes (effects) that Actions request, and the number of their commands. The process checks it
 * too, but is not trusted. Attack: an Action that took over its process fills the database, or makes tokens too large
 * for a header.
 */
import { type Effect, MAX_ASKED, MAX_FACTOR_COMMANDS, SESSION_METADATA } from '../../domain/actions/action.js';
import type { ChildEnd } from '../protocol.js';

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

const isCommand = ({ kind }: Effect): boolean => kind === 'factor_command';

/**
 * Describes what is wrong with the factor commands of a run; undefined if nothing is. `effects` are those of this run,
 * `asked` all of the login. Attack: a process asks for a factor and ends as if it had not, so that nobody is asked.
 */
export function findWrongCommands(
  end: ChildEnd,
  effects: readonly Effect[],
  asked: readonly Effect[],
): string | undefined {
  if (asked.filter(isCommand).length > MAX_FACTOR_COMMANDS)
    return `more than ${MAX_FACTOR_COMMANDS} commands for second factors`;
  const commands = effects.some(isCommand);
  if (end.kind === 'factor' && !commands) return 'a pause for a second factor without a command';
  return commands && (end.kind === 'done' || end.kind === 'redirect')
    ? 'a command for a second factor without its pause'
    : undefined;
}
