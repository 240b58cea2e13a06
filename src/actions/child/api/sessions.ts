/** The parts `api.session`, `api.refreshToken` and `api.transaction` of `post-login`. */
import { type Effect, SESSION_METADATA } from '../../../domain/actions/action.js';
import type { ApiContext } from './context.js';
import { deny, setVisibleMetadata, toReason } from './shared.js';

const SESSION = { kind: 'session_metadata', parent: 'session', member: 'metadata' } as const;
const REFRESH = {
  kind: 'refresh_token_metadata',
  parent: 'refresh_token',
  member: 'metadata',
} as const;
const TRANSACTION = {
  kind: 'transaction_metadata',
  parent: 'transaction',
  member: 'metadata',
} as const;

type ExpiryKind = 'session_expiry' | 'session_idle_expiry' | 'refresh_token_expiry' | 'refresh_token_idle_expiry';

function setExpiry(context: ApiContext, kind: ExpiryKind, at: unknown): void {
  const time = at instanceof Date ? at.getTime() : at;
  if (typeof time !== 'number' || !Number.isFinite(time) || time < 0 || time > 8.64e15)
    throw new TypeError('an expiry is a number of milliseconds since the epoch');
  context.push({ kind, at: time });
}

function namesOf(context: ApiContext, kind: Effect['kind'], parent: string): Set<string> {
  const part = context.event[parent] as { metadata?: object } | undefined;
  const names = new Set(Object.keys(part?.metadata ?? {}));
  for (const effect of context.asked()) {
    if (effect.kind !== kind || !('value' in effect) || !('name' in effect)) continue;
    if (effect.value === null) names.delete(effect.name);
    else names.add(effect.name);
  }
  return names;
}

/**
 * Creates the methods that change metadata. As on Auth0, the Action sees a change at once in its own event, if that
 * event has a session or refresh token.
 */
function metadataMethods(context: ApiContext, place: typeof SESSION | typeof REFRESH) {
  const set = (key: unknown, value: unknown): void => {
    if (value !== null && typeof value !== 'string') throw new TypeError('metadata of a session is text, or null');
    if (String(key).length > SESSION_METADATA.characters || (value?.length ?? 0) > SESSION_METADATA.characters)
      throw new RangeError(`names and values of metadata have at most ${SESSION_METADATA.characters} characters`);
    const names = namesOf(context, place.kind, place.parent);
    if (value !== null && !names.has(String(key)) && names.size >= SESSION_METADATA.names)
      throw new RangeError(`metadata has at most ${SESSION_METADATA.names} names`);
    setVisibleMetadata(context, place, key, value);
  };
  return {
    setMetadata: set,
    deleteMetadata: (key: unknown) => set(key, null),
    evictMetadata: () => {
      for (const name of namesOf(context, place.kind, place.parent)) set(name, null);
    },
  };
}

function revoke(context: ApiContext, what: 'session' | 'refresh_token', reason: unknown): void {
  context.push({ kind: 'revoke', what, reason: toReason(reason) });
  deny(context, reason);
}

/** Creates `api.session`. `revoke` also denies the login. */
export function sessionPart(context: ApiContext) {
  return {
    revoke(reason: unknown, options?: { preserveRefreshTokens?: unknown }) {
      if (options?.preserveRefreshTokens === true)
        context.print(
          'session.revoke: refresh tokens of the session end with it, preserveRefreshTokens is not known here',
        );
      revoke(context, 'session', reason);
    },
    setExpiresAt: (at: unknown) => setExpiry(context, 'session_expiry', at),
    setIdleExpiresAt: (at: unknown) => setExpiry(context, 'session_idle_expiry', at),
    setCookieMode(mode: unknown) {
      if (mode !== 'persistent' && mode !== 'non-persistent')
        throw new TypeError("setCookieMode takes 'persistent' or 'non-persistent'");
      context.push({ kind: 'session_cookie', mode });
    },
    ...metadataMethods(context, SESSION),
  };
}

/** Creates `api.refreshToken`. As on Auth0, `revoke` works only in an exchange of a refresh token. */
export function refreshTokenPart(context: ApiContext) {
  return {
    revoke(reason: unknown) {
      const { protocol } = (context.event.transaction ?? {}) as { protocol?: unknown };
      if (protocol !== 'oauth2-refresh-token')
        throw new Error('api.refreshToken.revoke can be called in an exchange of a refresh token only');
      revoke(context, 'refresh_token', reason);
    },
    setExpiresAt: (at: unknown) => setExpiry(context, 'refresh_token_expiry', at),
    setIdleExpiresAt: (at: unknown) => setExpiry(context, 'refresh_token_idle_expiry', at),
    ...metadataMethods(context, REFRESH),
  };
}

/**
 * Creates `api.transaction`. Changed metadata is visible at once in `event.transaction.metadata`, and in later Actions.
 */
export function transactionPart(context: ApiContext) {
  return {
    setMetadata: (key: unknown, value: unknown) => setVisibleMetadata(context, TRANSACTION, key, value),
  };
}
