/**
 * Confirms an authenticator app or an address that was set up with an access token of the audience `/mfa/`, by the grant
 * `mfa-otp` or `mfa-oob`. No refresh token is involved: the answer repeats the access token, so nobody gets more than they had.
 */
import { forgiveAttempts } from '../../../login/attempt-limits.js';
import type { TokenClient } from '../../../ports/token-store.js';
import type { OAuthDependencies } from '../dependencies.js';
import type { TokenRequest, TokenResponse } from '../grant.js';
import { OAuthRefusal } from '../refusals.js';
import { checkPending, countTry, wrongAnswer } from './answers.js';
import { FACTOR_SCOPES } from './audience.js';
import { checkSince, findByAccessToken } from './bearer.js';
import { confirmAddress } from './further-address.js';
import { readFactors } from './ground.js';
import { factorLine, factorMail } from './notices.js';

/**
 * Confirms the app; with an `oob_code`, the address. Undefined when `text` is no such access token of this application.
 */
export async function confirmByAccessToken(
  deps: OAuthDependencies,
  { ip, userAgent }: TokenRequest,
  {
    client,
    text,
    typed,
    oobCode,
  }: {
    readonly client: TokenClient;
    readonly text: string;
    readonly typed: string;
    readonly oobCode: string | undefined;
  },
): Promise<TokenResponse | OAuthRefusal | undefined> {
  const bearer = await findByAccessToken(deps, text, FACTOR_SCOPES.enrol);
  // Attack: another application confirms with a token that it was sent as an API.
  if (bearer instanceof OAuthRefusal || bearer.client.clientId !== client.clientId) return undefined;
  const { party, email, expiresAt, scopes } = bearer;
  const at = deps.clock.now();
  const found = await readFactors(deps, party, at);
  if (found === undefined) return undefined;
  const late = checkSince(bearer, found);
  if (late) return late;
  const seconds = Math.max(0, Math.floor((expiresAt.getTime() - at.getTime()) / 1000));
  const answer = { access_token: text, scope: scopes.join(' '), expires_in: seconds, token_type: 'Bearer' } as const;
  if (oobCode !== undefined) {
    const refused = await confirmAddress(deps, { bearer, found }, { typed, oobCode }, { ip, userAgent });
    return refused ?? answer;
  }
  const { pending } = found;
  const counted = await countTry(deps, { id: pending?.id ?? party.userId, userId: party.userId, ip });
  if (counted instanceof OAuthRefusal) return counted;
  if (pending === undefined || !found.mayChange) return wrongAnswer('otp', 'no factor is being set up');
  const right = checkPending(deps, typed, pending, at);
  if (right instanceof OAuthRefusal) return right;
  if (!('confirmed' in right.answer)) return undefined;
  const factor = { id: right.factorId, kind: 'otp' } as const;
  const outcome = await deps.factors.confirmSetup({
    userId: party.userId,
    confirmed: right.answer.confirmed,
    at,
    log: [factorLine(deps, 'gd_enrollment_complete', party, factor, { ip, userAgent, at })],
    mail: factorMail(deps, { to: email, userId: party.userId }, found, { change: 'added', factor: 'otp' }, { ip, at }),
  });
  if (outcome === 'factor') return wrongAnswer('otp', 'the factor was replaced');
  await forgiveAttempts(deps.attempts, counted);
  return answer;
}
