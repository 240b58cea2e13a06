/** The parts of `api` by which an Action changes tokens: custom claims, and the scopes of the access token. */
import { type Json, MAX_ASKED } from '../../../domain/actions/action.js';
import { isReservedClaim } from '../../../domain/actions/reserved-claims.js';
import { toJson, toName } from '../json.js';
import type { ApiContext } from './context.js';

/** The characters of a scope (RFC 6749 section 3.3). */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,280}$/;

function setClaim(context: ApiContext, token: 'id' | 'access', key: unknown, value: unknown): void {
  const name = toName(key, 'the name of a claim');
  if (isReservedClaim(name)) {
    context.print(`the claim ${name} is reserved: it was not set`);
    return;
  }
  const json = toJson(value, `the claim ${name}`, MAX_ASKED.claim);
  if (json === undefined) return;
  const whole: Record<string, Json> = {};
  for (const effect of context.asked()) {
    if (effect.kind === 'claim' && effect.token === token) whole[effect.name] = effect.value;
  }
  whole[name] = json;
  if (JSON.stringify(whole).length > MAX_ASKED.claim)
    throw new RangeError(`the custom claims are larger than ${MAX_ASKED.claim} bytes together`);
  context.push({ kind: 'claim', token, name, value: json });
}

function changeScope(context: ApiContext, change: 'add' | 'remove', scope: unknown): void {
  if (typeof scope !== 'string' || !SCOPE.test(scope))
    throw new TypeError(`not a scope: ${String(scope).slice(0, 100)}`);
  context.push({ kind: 'scope', change, scope });
}

/** Creates `api.idToken`. */
export function idTokenPart(context: ApiContext, api: () => unknown) {
  return {
    setCustomClaim(key: unknown, value: unknown) {
      setClaim(context, 'id', key, value);
      return api();
    },
  };
}

/** Creates `api.accessToken`. */
export function accessTokenPart(context: ApiContext, api: () => unknown) {
  return {
    setCustomClaim(key: unknown, value: unknown) {
      setClaim(context, 'access', key, value);
      return api();
    },
    addScope(scope: unknown) {
      changeScope(context, 'add', scope);
      return api();
    },
    removeScope(scope: unknown) {
      changeScope(context, 'remove', scope);
      return api();
    },
  };
}
