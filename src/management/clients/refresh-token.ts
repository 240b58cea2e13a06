/**
 * Converts `refresh_token` of a client between Auth0's JSON and ours. The object is stored unchanged, so that an answer
 * repeats it. The columns that decide when tokens expire are derived from it. They must never allow longer lifetimes
 * than it does.
 */
import type { ClientRecord } from '../../ports/directory/clients.js';
import { managementAudience } from '../api/audience.js';
import { badBody } from '../api/errors.js';
import type { Wire } from '../api/operation.js';
import { openTo, replyOf, wordOf } from '../api/wire.js';
import { CLIENT_COLUMNS } from './fields.js';

/** The object `refresh_token` in a request. Lifetimes are seconds. */
export interface RefreshBody {
  readonly rotation_type: 'rotating' | 'non-rotating';
  readonly expiration_type: 'expiring' | 'non-expiring';
  readonly leeway?: number;
  readonly token_lifetime?: number;
  readonly idle_token_lifetime?: number;
  readonly infinite_token_lifetime?: boolean;
  readonly infinite_idle_token_lifetime?: boolean;
  /** The APIs that the application may ask for by a refresh token; read where one is exchanged. */
  readonly policies?: readonly { readonly audience: string; readonly scope: readonly string[] }[] | null;
}

/**
 * Refuses a policy for the Management API, as on Auth0, which would turn every login of the application into one of an
 * operator. Throws 400. APIs that do not exist are accepted, as on Auth0: one may be made later.
 */
export function checkPolicies(origin: string, body: RefreshBody | null | undefined): void {
  const audience = managementAudience(origin);
  if (body?.policies?.some((policy) => policy.audience === audience))
    throw badBody(`refresh_token.policies: the Management API (${audience}) cannot be in a policy.`);
}

/** Auth0's longest lifetime in seconds. An unlimited lifetime is stored as this number. */
const LONGEST = 157_788_000;
const { refreshLifetimeSeconds: LIFETIME, refreshIdleLifetimeSeconds: IDLE_LIFETIME } = CLIENT_COLUMNS;

type RefreshColumns = Partial<
  Pick<
    ClientRecord,
    'refreshRotating' | 'refreshLeewaySeconds' | 'refreshLifetimeSeconds' | 'refreshIdleLifetimeSeconds'
  >
>;

/** Returns Auth0's defaults for the columns. Refresh tokens of public clients (browsers, devices) rotate. */
export function defaultRefresh(isPublic: boolean): Required<RefreshColumns> {
  return {
    refreshRotating: isPublic,
    refreshLeewaySeconds: CLIENT_COLUMNS.refreshLeewaySeconds.default,
    refreshLifetimeSeconds: LIFETIME.default,
    refreshIdleLifetimeSeconds: IDLE_LIFETIME.default,
  };
}

/**
 * Returns the lifetime that a request asks for, in seconds. Without a number in the request, the stored lifetime stays,
 * unless it is unlimited: then it becomes the default.
 */
function secondsOf(asked: number | undefined, isEndless: boolean, before: number | undefined, fallback: number) {
  if (isEndless) return LONGEST;
  return asked ?? (before !== undefined && before < LONGEST ? before : fallback);
}

/**
 * Returns the columns that follow from a request. A lifetime that the request does not name stays; null restores all
 * defaults. Throws 400 for an idle lifetime longer than the lifetime.
 */
export function fromRefreshBody(
  body: RefreshBody | null | undefined,
  before: ClientRecord | undefined,
  isPublic: boolean,
): RefreshColumns {
  if (body === undefined) return {};
  if (body === null) return defaultRefresh(isPublic);
  const endless = body.expiration_type === 'non-expiring';
  const lifetime = secondsOf(
    body.token_lifetime,
    endless || body.infinite_token_lifetime === true,
    before?.refreshLifetimeSeconds,
    LIFETIME.default,
  );
  const endlessIdle = endless || body.infinite_idle_token_lifetime === true;
  const idle = secondsOf(
    body.idle_token_lifetime,
    endlessIdle,
    before?.refreshIdleLifetimeSeconds,
    IDLE_LIFETIME.default,
  );
  if (idle > lifetime && !endlessIdle && body.idle_token_lifetime !== undefined) {
    throw badBody('refresh_token.idle_token_lifetime must not be longer than refresh_token.token_lifetime.');
  }
  return {
    refreshRotating: body.rotation_type === 'rotating',
    ...(body.leeway === undefined ? {} : { refreshLeewaySeconds: body.leeway }),
    refreshLifetimeSeconds: lifetime,
    refreshIdleLifetimeSeconds: idle,
  };
}

/**
 * Returns Auth0's default number in place of an unlimited lifetime: answers show the number beside the flag
 * `infinite_…`.
 */
const shownSeconds = (seconds: number, fallback: number) => (seconds >= LONGEST ? fallback : seconds);

/** Schema of the object in answers. */
export const REFRESH_REPLY = openTo(
  replyOf(
    {
      rotation_type: wordOf('rotating', 'non-rotating'),
      expiration_type: wordOf('expiring', 'non-expiring'),
    },
    { token_lifetime: 'integer', idle_token_lifetime: 'integer', leeway: 'integer' },
  ),
);

/** Returns the object for an answer: as it was stored, with missing values taken from the columns. */
export function toRefreshWire(client: ClientRecord): Wire {
  const kept = (client.extra.refresh_token ?? {}) as Wire;
  const endless = client.refreshLifetimeSeconds >= LONGEST;
  const endlessIdle = client.refreshIdleLifetimeSeconds >= LONGEST;
  const lifetime = shownSeconds(client.refreshLifetimeSeconds, LIFETIME.default);
  return {
    expiration_type: endless && endlessIdle ? 'non-expiring' : 'expiring',
    token_lifetime: lifetime,
    // The idle lifetime is never shown longer than the lifetime, so that a client can send the shown values back.
    idle_token_lifetime: Math.min(shownSeconds(client.refreshIdleLifetimeSeconds, IDLE_LIFETIME.default), lifetime),
    infinite_token_lifetime: endless,
    infinite_idle_token_lifetime: endlessIdle,
    ...kept,
    rotation_type: client.refreshRotating ? 'rotating' : 'non-rotating',
    leeway: client.refreshLeewaySeconds,
  };
}
