/**
 * grant_type=refresh_token (RFC 6749 section 6): one read, one write. With rotation a token works once, or again within the
 * client's leeway for an application that lost the answer; used after that, somebody else has it, and the family ends
 * (RFC 9700 section 4.14.2).
 */
import type { OpaqueReference } from '../../ports/token-issuer.js';
import type { Presented, RefreshGrant, TokenClient } from '../../ports/token-store.js';
import { checkClient } from './client-authentication.js';
import type { OAuthDependencies } from './dependencies.js';
import { type GrantOutcome, successLine, type TokenRequest, type TokenResponse } from './grant.js';
import { type IssuePlan, idleExpiry, issueTokens, planIssue } from './issue-tokens.js';
import { grantTypeNotAllowed, invalidRefreshToken, missingParameter, OAuthRefusal, unauthorized } from './refusals.js';
import { checkStanding, subjectOf } from './standing.js';

const GRANT_TYPE = 'refresh_token';

interface Found extends Presented<RefreshGrant> {
  readonly grant: RefreshGrant;
}

/** Rotated out too long ago, or already followed by a token that has been used itself. */
function isReused(client: TokenClient, grant: RefreshGrant, now: Date): boolean {
  if (grant.rotatedAt === undefined) return false;
  const leewayEnds = grant.rotatedAt.getTime() + client.refreshLeewaySeconds * 1000;
  return !client.refreshRotating || grant.successorUsed || now.getTime() >= leewayEnds;
}

function checkToken({ client, grant }: Found, now: Date): OAuthRefusal | undefined {
  const no = (check: string) => invalidRefreshToken({ ...subjectOf(grant), check });
  // Bound to the client it was issued to (RFC 6749 section 10.4).
  if (grant.clientId !== client.clientId) return no('refresh_token.other_client');
  if (grant.familyRevoked) return no('refresh_token.revoked');
  if (isReused(client, grant, now)) return no('refresh_token.reused');
  if (grant.expiresAt.getTime() <= now.getTime()) return no('refresh_token.expired');
  if (grant.idleExpiresAt.getTime() <= now.getTime()) return no('refresh_token.idle');
  return checkStanding(grant);
}

async function rotate(
  deps: OAuthDependencies,
  request: TokenRequest,
  found: Found,
  token: OpaqueReference,
  plan: IssuePlan,
): Promise<TokenResponse | OAuthRefusal> {
  const { client, grant } = found;
  const at = deps.clock.now();
  const idleExpiresAt = idleExpiry(client, at, grant.expiresAt);
  const refresh = client.refreshRotating ? deps.opaque.newRefreshToken(grant.user.userId) : undefined;
  const [outcome, tokens] = await Promise.all([
    deps.store.exchangeRefreshToken({
      token,
      at,
      leewaySeconds: client.refreshLeewaySeconds,
      idleExpiresAt,
      next: refresh && { hash: refresh.hash, expiresAt: grant.expiresAt, idleExpiresAt },
      log: successLine(deps, request, 'sertft', 'Refresh token exchanged for tokens'),
    }),
    issueTokens(deps, found, grant, plan, undefined),
  ]);
  if (outcome === 'reused') return invalidRefreshToken({ ...subjectOf(grant), check: 'refresh_token.reused' });
  return refresh === undefined ? tokens : { ...tokens, refresh_token: refresh.value };
}

async function exchange(
  deps: OAuthDependencies,
  request: TokenRequest,
  found: Found,
  token: OpaqueReference,
): Promise<TokenResponse | OAuthRefusal> {
  const { client, grant } = found;
  const asked = request.parameters.get('scope');
  const plan = checkToken(found, deps.clock.now()) ?? planIssue(deps.origin, client, grant, asked);
  const answer = plan instanceof OAuthRefusal ? plan : await rotate(deps, request, found, token, plan);
  // Theft: thief and owner hold tokens of one family, and nobody can tell who is who, so both have to sign in again.
  if (answer instanceof OAuthRefusal && answer.evidence.check === 'refresh_token.reused')
    await deps.store.revokeFamily(grant.user.userId, grant.familyId, deps.clock.now());
  return answer;
}

/** See the top of the file. Throws {@link Fault} when the database failed. */
export async function grantRefreshToken(deps: OAuthDependencies, request: TokenRequest): Promise<GrantOutcome> {
  const { parameters, credentials } = request;
  const presented = parameters.get('refresh_token');
  const token = deps.opaque.open('refresh', presented ?? '');
  const found = await deps.store.findRefreshGrant(credentials.clientId, token);
  const client = found?.client;
  const refusal = checkClient(client, credentials);
  if (found === undefined || refusal) return { client, answer: refusal ?? unauthorized('client.unknown') };
  if (!found.client.grantTypes.includes(GRANT_TYPE)) return { client, answer: grantTypeNotAllowed(GRANT_TYPE) };
  if (presented === undefined) return { client, answer: missingParameter('refresh_token') };
  const { grant } = found;
  if (grant === undefined || token === undefined)
    return { client, answer: invalidRefreshToken({ check: 'refresh_token.unknown' }) };
  return { client, answer: await exchange(deps, request, { ...found, grant }, token) };
}
