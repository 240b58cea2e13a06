/** Finds the exchange that an `mfa_token` stands for, and checks it as a refresh is checked. Writes nothing. */
import type { OAuthDependencies } from '../dependencies.js';
import { checkRefreshToken, type FoundRefresh } from '../grant-refresh-token.js';
import { invalidGrant, OAuthRefusal } from '../refusals.js';
import { subjectOf } from '../still-valid.js';
import type { FactorToken } from './factor-token.js';

/** Creates the refusal in Auth0's words, which its SDKs compare. A used token looks like one that never was. */
export const malformedToken = (check: 'factor.token_malformed' | 'factor.token_used' = 'factor.token_malformed') =>
  invalidGrant('Malformed mfa_token', { check });

const expiredToken = ({ expiresAt }: FactorToken) =>
  new OAuthRefusal(401, 'expired_token', 'mfa_token is expired', {
    check: 'factor.token_expired',
    facts: { expired_at: expiresAt },
  });

/** Finds the refresh token that an `mfa_token` names, and checks both. Only the application that got it may use it. */
export async function findRefused(
  deps: Pick<OAuthDependencies, 'clock' | 'store'>,
  clientId: string,
  token: FactorToken,
): Promise<FoundRefresh | OAuthRefusal> {
  const at = deps.clock.now();
  // Attack: another application uses a token that it found in a log.
  if (token.clientId !== clientId) return malformedToken();
  if (token.expiresAt.getTime() <= at.getTime()) return expiredToken(token);
  const found = await deps.store.findRefreshGrant(clientId, token.refreshToken, token.audience);
  const { grant } = found ?? {};
  if (found === undefined || grant === undefined || grant.familyId !== token.familyId) return malformedToken();
  const refusal = checkRefreshToken({ ...found, grant }, at);
  return refusal ? refusal.about(subjectOf(grant)) : { ...found, grant };
}
