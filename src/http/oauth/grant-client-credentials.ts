/**
 * grant_type=client_credentials (RFC 6749 section 4.4): a token for a machine. One read, no write. A success leaves no log
 * row: the insert and its fsync would about halve the rate and say little, a refusal leaves one.
 */
import type { MachineGrant } from '../../ports/token-store.js';
import { checkClient } from './client-authentication.js';
import type { OAuthDependencies } from './dependencies.js';
import { type GrantOutcome, type TokenRequest, toTokenOrganization } from './grant.js';
import {
  accessDenied,
  grantTypeNotAllowed,
  invalidRequest,
  missingParameter,
  OAuthRefusal,
  unauthorized,
} from './refusals.js';

const GRANT_TYPE = 'client_credentials';

function serviceNotFound(audience: string): OAuthRefusal {
  return accessDenied(`Service not found: ${audience}`, { check: 'grant.unknown_audience' });
}

function notGranted(audience: string): OAuthRefusal {
  const description =
    `Client is not authorized to access "${audience}". You need to create a "client-grant" associated to this API. ` +
    'See: https://auth0.com/docs/api/v2#!/Client_Grants/post_client_grants';
  return accessDenied(description, { check: 'grant.none' });
}

/** The scopes of the token: all of the grant, or those of it that were asked for. More than the grant is refused, as at Auth0. */
function grantScopes(granted: readonly string[], asked: string | undefined): readonly string[] | OAuthRefusal {
  if (asked === undefined) return granted;
  const wanted = asked.split(' ').filter((scope) => scope !== '');
  const beyond = wanted.filter((scope) => !granted.includes(scope));
  if (beyond.length > 0)
    return accessDenied(`Client has not been granted scopes: ${beyond.join(' ')}`, { check: 'grant.scope' });
  return granted.filter((scope) => wanted.includes(scope));
}

/** Whether the grant may be used for the organization that was asked for, or without one. */
function checkOrganization(found: MachineGrant, asked: string | undefined): OAuthRefusal | undefined {
  const usage = found.grant?.organizationUsage ?? 'deny';
  if (asked === undefined)
    return usage === 'require' ? invalidRequest('parameter organization is required for this client') : undefined;
  if (usage === 'deny') return invalidRequest('parameter organization is not allowed for this client');
  // Unknown, blocked and not associated look the same: a client must not find out which organizations exist.
  if (found.organization === undefined || found.organization.blocked || found.grant?.allowAnyOrganization !== true)
    return accessDenied('Client is not authorized to access the organization', { check: 'grant.organization' });
  return undefined;
}

interface MachineDecision {
  readonly audience: string;
  readonly scope: string;
  readonly lifetimeSeconds: number;
}

/** Client, grant type, API, grant, scopes, organization: in this order, the first no wins. */
function decide(found: MachineGrant, { parameters }: TokenRequest): MachineDecision | OAuthRefusal {
  const { client, api, grant } = found;
  // A public client has no secret, so anybody could be it (RFC 6749 section 4.4: confidential clients only).
  if (!client.grantTypes.includes(GRANT_TYPE) || client.tokenEndpointAuthMethod === 'none')
    return grantTypeNotAllowed(GRANT_TYPE);
  const audience = parameters.get('audience');
  if (audience === undefined) return missingParameter('audience');
  if (api === undefined) return serviceNotFound(audience);
  if (grant === undefined) return notGranted(audience);
  const scopes = grantScopes(grant.scopes, parameters.get('scope'));
  if (scopes instanceof OAuthRefusal) return scopes;
  const refusal = checkOrganization(found, parameters.get('organization'));
  return refusal ?? { audience, scope: scopes.join(' '), lifetimeSeconds: api.tokenLifetimeSeconds };
}

/** See the top of the file. Throws {@link Fault} when the database failed. */
export async function grantClientCredentials(deps: OAuthDependencies, request: TokenRequest): Promise<GrantOutcome> {
  const { parameters, credentials } = request;
  const { clientId } = credentials;
  const organization = parameters.get('organization');
  const query = { clientId, audience: parameters.get('audience') ?? '', organization };
  const found = await deps.store.findMachineGrant(query);
  const refusal = checkClient(found?.client, credentials);
  if (found === undefined || refusal)
    return { client: found?.client, answer: refusal ?? unauthorized('client.unknown') };
  const decision = decide(found, request);
  if (decision instanceof OAuthRefusal) return { client: found.client, answer: decision };
  const { scope, lifetimeSeconds } = decision;
  const accessToken = await deps.issuer.issueAccessToken({
    ...decision,
    clientId,
    userId: undefined,
    organization: toTokenOrganization(organization === undefined ? undefined : found.organization, found.namesInTokens),
  });
  const answer = { access_token: accessToken, expires_in: lifetimeSeconds, token_type: 'Bearer' as const };
  return { client: found.client, answer: scope === '' ? answer : { ...answer, scope } };
}
