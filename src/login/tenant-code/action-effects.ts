/**
 * Turns the effects of Actions into the writes of the commit. Pure: the last effect for a name counts, as on Auth0.
 * Effects that decide the login's course (a route, an admission, the primary user) were applied before and write
 * nothing here.
 */
import type { Effect, Json, TokenWishes } from '../../domain/actions/action.js';
import type { ActionWrites, MetadataPatch } from '../../ports/login-store.js';
import type { RefreshWrites } from '../../ports/token-store.js';

type Named = 'user_metadata' | 'app_metadata' | 'session_metadata' | 'refresh_token_metadata';

function patchOf(effects: readonly Effect[], kind: Named): MetadataPatch {
  const set = new Map<string, Json>();
  const remove = new Set<string>();
  for (const effect of effects) {
    if (effect.kind !== kind || !('value' in effect)) continue;
    if (effect.value === null) {
      set.delete(effect.name);
      remove.add(effect.name);
    } else {
      remove.delete(effect.name);
      set.set(effect.name, effect.value);
    }
  }
  return { set: Object.fromEntries(set), remove: [...remove] };
}

type Timed = 'session_expiry' | 'session_idle_expiry' | 'refresh_token_expiry' | 'refresh_token_idle_expiry';

function timeOf(effects: readonly Effect[], kind: Timed): number | undefined {
  const last = effects.findLast((effect) => effect.kind === kind);
  return last && 'at' in last ? last.at : undefined;
}

function claimsOf(effects: readonly Effect[], token: 'id' | 'access'): Record<string, Json> {
  const claims: Record<string, Json> = {};
  for (const effect of effects)
    if (effect.kind === 'claim' && effect.token === token) claims[effect.name] = effect.value;
  return claims;
}

/** Returns the changes to this login's tokens; undefined when no Action requested any. */
export function tokenWishes(effects: readonly Effect[]): TokenWishes | undefined {
  const scopes = new Map<string, 'add' | 'remove'>();
  for (const effect of effects) if (effect.kind === 'scope') scopes.set(effect.scope, effect.change);
  const named = (change: 'add' | 'remove') => [...scopes].filter(([, what]) => what === change).map(([scope]) => scope);
  const wishes = {
    idClaims: claimsOf(effects, 'id'),
    accessClaims: claimsOf(effects, 'access'),
    addScopes: named('add'),
    removeScopes: named('remove'),
    refreshExpiresAt: timeOf(effects, 'refresh_token_expiry'),
    refreshIdleExpiresAt: timeOf(effects, 'refresh_token_idle_expiry'),
    refreshMetadata: patchOf(effects, 'refresh_token_metadata').set,
  };
  const wished = Object.values(wishes).some((wish) => wish !== undefined && Object.keys(Object(wish)).length > 0);
  const timed = wishes.refreshExpiresAt !== undefined || wishes.refreshIdleExpiresAt !== undefined;
  return wished || timed ? wishes : undefined;
}

/** Returns the kind of session cookie: persistent, or until the browser closes; undefined when no Action chose one. */
export function sessionCookie(effects: readonly Effect[]): 'persistent' | 'non-persistent' | undefined {
  const last = effects.findLast((effect) => effect.kind === 'session_cookie');
  return last?.kind === 'session_cookie' ? last.mode : undefined;
}

/** Returns the metadata of an account that this login opens. */
export function newUserMetadata(effects: readonly Effect[]): {
  readonly user: MetadataPatch;
  readonly app: MetadataPatch;
} {
  return { user: patchOf(effects, 'user_metadata'), app: patchOf(effects, 'app_metadata') };
}

const dateOf = (at: number | undefined) => (at === undefined ? undefined : new Date(at));

/** Returns everything that a refresh token's exchange writes for its Actions. */
export function refreshWrites(effects: readonly Effect[]): RefreshWrites {
  return {
    userMetadata: patchOf(effects, 'user_metadata'),
    appMetadata: patchOf(effects, 'app_metadata'),
    tokenMetadata: patchOf(effects, 'refresh_token_metadata'),
    sessionMetadata: patchOf(effects, 'session_metadata'),
    sessionExpiresAt: dateOf(timeOf(effects, 'session_expiry')),
    sessionIdleExpiresAt: dateOf(timeOf(effects, 'session_idle_expiry')),
  };
}

/**
 * Returns the authentication methods that Actions recorded (`recordMethod`), each name once. `at`: the time of the
 * login.
 */
export function recordedMethods(
  effects: readonly Effect[],
  at: Date,
): { readonly name: string; readonly timestamp: Date }[] {
  const names = new Set(effects.flatMap((effect) => (effect.kind === 'record_method' ? [effect.method] : [])));
  return [...names].map((name) => ({ name, timestamp: at }));
}

/**
 * Returns everything that a login's commit writes for its Actions; undefined when none requested anything. `at` is the
 * time of the login.
 */
export function actionWrites(effects: readonly Effect[], at: Date): ActionWrites | undefined {
  if (effects.length === 0) return undefined;
  const methods = recordedMethods(effects, at);
  return {
    ...(methods.length > 0 && { sessionMethods: methods }),
    userMetadata: patchOf(effects, 'user_metadata'),
    appMetadata: patchOf(effects, 'app_metadata'),
    sessionMetadata: patchOf(effects, 'session_metadata'),
    sessionExpiresAt: dateOf(timeOf(effects, 'session_expiry')),
    sessionIdleExpiresAt: dateOf(timeOf(effects, 'session_idle_expiry')),
    tokens: tokenWishes(effects),
  };
}
