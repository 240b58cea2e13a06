/**
 * Builds the event that an Action gets: a copy of its own, with the Action's secrets and the changes that earlier
 * Actions requested.
 */
import type { Effect, JsonObject } from '../../domain/actions/action.js';
import { defineProperty, isArray, parseJson, stringifyJson } from './primordials.js';

type Draft = Record<string, unknown>;

function child(parent: Draft, name: string): Draft {
  const found = parent[name];
  if (typeof found === 'object' && found !== null) return found as Draft;
  const made: Draft = {};
  parent[name] = made;
  return made;
}

function setOrDelete(target: Draft, name: string, value: unknown): void {
  if (value === null) delete target[name];
  else target[name] = value;
}

/** The path in the event where later Actions see an effect, for each kind of effect that they can see. */
const VISIBLE: Partial<Record<Effect['kind'], readonly [parent: string, member: string]>> = {
  user_metadata: ['user', 'user_metadata'],
  app_metadata: ['user', 'app_metadata'],
  transaction_metadata: ['transaction', 'metadata'],
  session_metadata: ['session', 'metadata'],
  refresh_token_metadata: ['refresh_token', 'metadata'],
};

/** Adds the authentication method that an Action recorded, so that later Actions see it in the event. */
function showMethod(event: Draft, name: string): void {
  const { authentication } = event as { authentication?: { methods?: { name: string; timestamp?: string }[] } };
  const { methods } = authentication ?? {};
  if (methods === undefined || methods.some((method) => method.name === name)) return;
  methods.push({ name, timestamp: methods[0]?.timestamp ?? '' });
}

/**
 * Changes `event` as `effect` requests. Does nothing if the effect is not visible in events, or the event lacks the
 * part that it changes.
 */
export function showEffect(event: Draft, effect: Effect): void {
  if (effect.kind === 'record_method') {
    showMethod(event, effect.method);
    return;
  }
  const place = VISIBLE[effect.kind];
  if (place === undefined || !('name' in effect) || !('value' in effect)) return;
  const parent = event[place[0]];
  if (typeof parent !== 'object' || parent === null) return;
  setOrDelete(child(parent as Draft, place[1]), effect.name, effect.value);
}

/**
 * Makes an exception of reading a claim that was left out because it is too long for the browser's cookie. Attack: the
 * list of groups is left out, so an Action that refuses one of these groups refuses nobody.
 */
function guardCutClaims({ user }: Draft): void {
  const { claims_cut: names } = (user ?? {}) as { claims_cut?: unknown };
  if (!isArray(names)) return;
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index] as string;
    defineProperty(user as Draft, name, {
      enumerable: false,
      configurable: true,
      get() {
        throw new Error(
          `event.user.${name} was too long to keep while the person proved their address, and so nothing can be decided by it. Have the organization's domain proved, or the identity provider send less (event.user.claims_cut).`,
        );
      },
    });
  }
}

/** Creates the event of one Action. It shares no object with the event of another Action. */
export function toEvent(
  event: JsonObject,
  effects: readonly Effect[],
  secrets: Readonly<Record<string, string>>,
): JsonObject {
  const copy = parseJson(stringifyJson(event)) as Draft;
  guardCutClaims(copy);
  for (const effect of effects) showEffect(copy, effect);
  copy.secrets = { ...secrets };
  copy.configuration = {};
  return copy as JsonObject;
}
