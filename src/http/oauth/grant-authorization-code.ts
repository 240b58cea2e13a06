/**
 * grant_type=authorization_code (RFC 6749 section 4.1.3): one read, then one write. The write marks the code as used,
 * and stores the refresh token and the log line. The tokens are signed during the write, and discarded if the write
 * finds that the code was used before.
 */
import { addSeconds } from '../../kernel/clock.js';
import type { OpaqueReference } from '../../ports/token-issuer.js';
import type { CodeGrant, Presented } from '../../ports/token-store.js';
import { authenticateClient } from './client-authentication.js';
import type { OAuthDependencies } from './dependencies.js';
import { sinceLogin } from './factors/audience.js';
import { type GrantOutcome, successLine, type TokenRequest, type TokenResponse } from './grant.js';
import { earlier, type IssuePlan, idleExpiry, planIssue, prepareAnswer, toTokenRequests } from './issue-tokens.js';
import { checkCodeVerifier } from './pkce.js';
import {
  grantTypeNotAllowed,
  invalidCode,
  invalidGrant,
  missingParameter,
  OAuthRefusal,
  unauthorized,
} from './refusals.js';
import { checkStillValid, subjectOf } from './still-valid.js';

const GRANT_TYPE = 'authorization_code';

interface Found extends Presented<CodeGrant> {
  readonly grant: CodeGrant;
}

/** Checks the request's parameters; runs before the checks of the code. */
function checkRequest({ client }: Presented<CodeGrant>, { parameters }: TokenRequest): OAuthRefusal | undefined {
  if (!client.grantTypes.includes(GRANT_TYPE)) return grantTypeNotAllowed(GRANT_TYPE);
  return parameters.has('code') ? undefined : missingParameter('code');
}

/**
 * Checks that the code was issued to this client, is unused, has not expired, and is presented by the application that
 * asked for it.
 */
function checkCode({ client, grant }: Found, { parameters }: TokenRequest, now: Date): OAuthRefusal | undefined {
  // Attack (code injection): a code stolen from one application is used at another (RFC 6749 section 10.5).
  if (grant.clientId !== client.clientId) return invalidCode({ check: 'code.other_client' });
  if (grant.usedAt !== undefined) return invalidCode({ check: 'code.replayed', facts: { used_at: grant.usedAt } });
  if (grant.expiresAt.getTime() <= now.getTime())
    return invalidCode({ check: 'code.expired', facts: { expired_at: grant.expiresAt } });
  const sent = parameters.get('redirect_uri');
  // An application that sent no redirect URI to /authorize need not send it here (RFC 6749 section 4.1.3).
  if (sent === undefined && grant.redirectUriSent) return missingParameter('redirect_uri');
  // Attack: the code was sent to another redirect URI of the same application (RFC 6749 section 10.6).
  if (sent !== undefined && sent !== grant.redirectUri)
    return invalidGrant(`The redirect URI is wrong. You sent ${sent}, and we expected ${grant.redirectUri}`, {
      check: 'code.redirect_uri',
    });
  // Attack: somebody took over a callback address. An administrator removes it while a code is on its way to it (RFC
  // 9700 section 4.1).
  if (!client.callbacks.includes(grant.redirectUri))
    return invalidGrant(`The callback URL ${grant.redirectUri} was removed from the allowed callback URLs`, {
      check: 'code.callback_removed',
    });
  const kind = client.tokenEndpointAuthMethod === 'none' ? 'public' : 'confidential';
  return (
    checkCodeVerifier(grant.codeChallenge, parameters.get('code_verifier'), kind) ?? checkStillValid(client, grant)
  );
}

/** Marks the code as used and signs the tokens. Refuses when another request has used the code meanwhile. */
async function redeem(
  deps: OAuthDependencies,
  request: TokenRequest,
  found: Found,
  code: OpaqueReference,
  plan: IssuePlan,
): Promise<TokenResponse | OAuthRefusal> {
  const { client, grant } = found;
  const answer = await prepareAnswer(deps, toTokenRequests(found, grant, plan, grant));
  if (answer instanceof OAuthRefusal) return answer;
  const at = deps.clock.now();
  const { refreshExpiresAt, refreshIdleExpiresAt } = grant.wishes ?? {};
  const expiresAt = earlier(addSeconds(at, client.refreshLifetimeSeconds), refreshExpiresAt);
  const idleExpiresAt = earlier(idleExpiry(client, at, expiresAt), refreshIdleExpiresAt);
  const refresh = plan.offline ? deps.opaque.newRefreshToken(grant.user.userId) : undefined;
  const refreshToken = refresh && { hash: refresh.hash, expiresAt, idleExpiresAt };
  const log = {
    ...successLine(deps, request, 'seacft', 'Authorization code exchanged for tokens', { at }),
    userId: grant.user.userId,
    ...(grant.organization && { organizationId: grant.organization.id }),
  };
  const [outcome, tokens] = await Promise.all([deps.store.redeemCode({ code, at, refreshToken, log }), answer.sign()]);
  if (outcome === 'used') return invalidCode({ check: 'code.replayed' });
  return refresh === undefined ? tokens : { ...tokens, refresh_token: refresh.value };
}

/** Performs the grant (top of this file). Throws {@link Fault} when the database failed. */
export async function grantAuthorizationCode(deps: OAuthDependencies, request: TokenRequest): Promise<GrantOutcome> {
  const { parameters, credentials } = request;
  const code = deps.opaque.open('code', parameters.get('code') ?? '');
  const found = await deps.store.findCodeGrant(credentials.clientId, code);
  const client = found?.client;
  const refusal = await authenticateClient(deps, client, request);
  if (found === undefined || refusal) return { client, answer: refusal ?? unauthorized('client.unknown') };
  const { grant } = found;
  const answer =
    checkRequest(found, request) ??
    (grant === undefined || code === undefined
      ? invalidCode({ check: 'code.unknown' })
      : await exchange(deps, request, { ...found, grant }, code));
  return { client, answer };
}

async function exchange(
  deps: OAuthDependencies,
  request: TokenRequest,
  found: Found,
  code: OpaqueReference,
): Promise<TokenResponse | OAuthRefusal> {
  const { grant } = found;
  const now = deps.clock.now();
  const plan = checkCode(found, request, now) ?? planIssue(deps.origin, found.client, grant, undefined);
  const answer =
    plan instanceof OAuthRefusal
      ? plan
      : await redeem(deps, request, found, code, sinceLogin(deps.origin, plan, grant.expiresAt, now));
  // If a code is presented twice, one of the two senders stole it. So the tokens of its family are revoked (RFC 6749
  // section 4.1.2, RFC 9700 section 4.5).
  if (answer instanceof OAuthRefusal && answer.evidence.check === 'code.replayed')
    await deps.store.revokeFamily(grant.user.userId, grant.familyId, deps.clock.now());
  return answer instanceof OAuthRefusal ? answer.about(subjectOf(grant)) : answer;
}
