/**
 * The settings that may change in the row of the Management API itself: those that cannot lock anybody out of it. The
 * check applies to owners too, since nobody could undo a lock-out afterwards. Knows no caller; writes nothing.
 */
import { isDeepStrictEqual } from 'node:util';
import type { ResourceServerRecord } from '../../ports/directory/access.js';
import { notSupported } from '../api/errors.js';
import type { Wire } from '../api/operation.js';

/**
 * Limits of `token_lifetime` in seconds. A shorter-lived token would expire before the tool that requested it is done.
 * With more than a day, a leaked token would stay valid for too long.
 */
export const SYSTEM_LIFETIME = { least: 300, most: 86_400 } as const;

/** Properties that have no effect for this API, so a request may change them. */
const FREE: ReadonlySet<string> = new Set([
  'token_lifetime_for_web',
  'skip_consent_for_verifiable_first_party_clients',
]);

function checkLifetime(seconds: unknown): void {
  const { least, most } = SYSTEM_LIFETIME;
  if (typeof seconds === 'number' && seconds >= least && seconds <= most) return;
  throw notSupported(
    `Tokens of the Management API are good for at least ${least} and at most ${most} seconds: shorter ones would shut tools out, longer ones would make a leak last.`,
  );
}

/**
 * Throws 400 for a change that could lock people or machines out of this API. Attack: with `update:resource_servers`, a
 * caller makes tokens with every scope too long to be accepted (`access_token_authz`), disables the operators' refresh
 * tokens, or makes tokens expire at once. `shown`: the row as answers show it, which tools may send back.
 */
export function checkSystemChange({ isSystem }: ResourceServerRecord, shown: Wire, body: object): void {
  if (!isSystem) return;
  for (const [name, value] of Object.entries(body)) {
    if (FREE.has(name) || isDeepStrictEqual(value ?? undefined, shown[name])) continue;
    if (name === 'token_lifetime') checkLifetime(value);
    else
      throw notSupported(
        `The Management API of this server keeps its ${name}: another one could shut tools and operators out. Of its settings only token_lifetime can be changed.`,
      );
  }
}
