/**
 * grant_type=client_credentials (RFC 6749 section 4.4): a token for a machine. One read, and no write unless a quota
 * counts the token; the tenant's Actions run if any are bound. A refusal adds a row to the log. A success adds none: writing it would about halve the number
 * of tokens per second, and the row would say little.
 */
import type { TokenWishes } from '../../domain/actions/action.js';
import { askAtExchange, type ExchangeDecision } from '../../login/tenant-code/exchange-actions.js';
import { isBound } from '../../login/tenant-code/run-trigger.js';
import { managementAudience } from '../../management/api/audience.js';
import type { AccessTokenRequest } from '../../ports/token-issuer.js';
import type { GrantOrganization, MachineGrant } from '../../ports/token-store.js';
import { authenticateClient } from './client-authentication.js';
import type { OAuthDependencies } from './dependencies.js';
import { bodyForActions, type GrantOutcome, type TokenRequest, toTokenOrganization } from './grant.js';
import { prepareAnswer, wishScopes } from './issue-tokens.js';
import {
  accessDenied,
  grantTypeNotAllowed,
  invalidRequest,
  missingParameter,
  OAuthRefusal,
  refusedByAction,
  unauthorized,
} from './refusals.js';
import { countToken, findUsedUp } from './token-quota.js';

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

/**
 * Returns the token's scopes: those of the grant that the API still defines, or the requested ones among them. A
 * request for more is refused, as on Auth0. A grant may still list scopes that its API has removed. They are left out,
 * because the API might still act on their old meaning.
 */
function grantScopes(
  kept: readonly string[],
  known: ReadonlySet<string>,
  asked: string | undefined,
): readonly string[] | OAuthRefusal {
  const granted = kept.filter((scope) => known.has(scope));
  if (asked === undefined) return granted;
  const wanted = asked.split(' ').filter((scope) => scope !== '');
  const beyond = wanted.filter((scope) => !granted.includes(scope));
  if (beyond.length > 0)
    return accessDenied(`Client has not been granted scopes: ${beyond.join(' ')}`, { check: 'grant.scope' });
  return granted.filter((scope) => wanted.includes(scope));
}

/** Returns the requested organization, or the client's default. A grant that allows no organizations has no default. */
function organizationOf(found: MachineGrant, { parameters }: TokenRequest): string | undefined {
  const usage = found.grant?.organizationUsage ?? 'deny';
  return parameters.get('organization') ?? (usage === 'deny' ? undefined : found.defaultOrganization);
}

/**
 * Refuses a token of an organization for the Management API, which changes the whole tenant. Attack: a grant meant for
 * one organization gives its machine a token for everything.
 */
function refuseTenantWide(audience: string): OAuthRefusal {
  const description =
    `"${audience}" changes the whole tenant and takes no tokens of an organization. ` +
    'Set organization_usage of the client grant to "deny", and ask without an organization.';
  return accessDenied(description, { check: 'grant.organization' });
}

/** Checks whether the grant may be used for the requested organization, or without an organization. */
function checkOrganization(
  found: MachineGrant,
  asked: string | undefined,
  to: { readonly origin: string; readonly audience: string },
): OAuthRefusal | undefined {
  const usage = found.grant?.organizationUsage ?? 'deny';
  const isOfOne = usage === 'require' || (usage === 'allow' && asked !== undefined);
  if (isOfOne && to.audience === managementAudience(to.origin)) return refuseTenantWide(to.audience);
  if (asked === undefined)
    return usage === 'require' ? invalidRequest('parameter organization is required for this client') : undefined;
  if (usage === 'deny') return invalidRequest('parameter organization is not allowed for this client');
  // Unknown, blocked and not associated organizations get the same answer, so that a client cannot find out which
  // exist.
  if (found.organization === undefined || found.organization.blocked || found.grant?.allowsOrganization !== true)
    return accessDenied('Client is not authorized to access the organization', { check: 'grant.organization' });
  return undefined;
}

interface MachineDecision {
  readonly audience: string;
  readonly scope: string;
  readonly lifetimeSeconds: number;
}

/** Checks grant type, API, grant, scopes and organization, in this order. Returns the first refusal. */
function decide(origin: string, found: MachineGrant, request: TokenRequest): MachineDecision | OAuthRefusal {
  const { client, api, grant } = found;
  const { parameters } = request;
  // A public client has no secret, so anybody could claim to be it (RFC 6749 section 4.4: confidential clients only).
  if (!client.grantTypes.includes(GRANT_TYPE) || client.tokenEndpointAuthMethod === 'none')
    return grantTypeNotAllowed(GRANT_TYPE);
  const audience = parameters.get('audience');
  if (audience === undefined) return missingParameter('audience');
  if (api === undefined) return serviceNotFound(audience);
  if (api.clientPolicy === 'deny_all')
    return accessDenied(`No application is allowed to access "${audience}".`, { check: 'grant.api_closed' });
  if (grant === undefined) return notGranted(audience);
  const scopes = grantScopes(grant.scopes, api.scopes, parameters.get('scope'));
  if (scopes instanceof OAuthRefusal) return scopes;
  const refusal = checkOrganization(found, organizationOf(found, request), { origin, audience });
  return refusal ?? { audience, scope: scopes.join(' '), lifetimeSeconds: api.tokenLifetimeSeconds };
}

/** HTTP statuses of the OAuth errors that an Action may name in `access.deny`, as in Auth0's starter code. */
const STATUSES: ReadonlyMap<string, number> = new Map([
  ['invalid_scope', 400],
  ['invalid_request', 400],
  ['server_error', 500],
  ['access_denied', 403],
]);

/** A request that passed every check except the tenant's Actions. */
interface Checked {
  readonly found: MachineGrant;
  readonly decision: MachineDecision;
  readonly organization: GrantOrganization | undefined;
}

async function checkRequest(
  deps: OAuthDependencies,
  request: TokenRequest,
  use: 'once' | 'again',
): Promise<Checked | GrantOutcome> {
  const { parameters, credentials } = request;
  const organization = parameters.get('organization');
  const query = { clientId: credentials.clientId, audience: parameters.get('audience') ?? '', organization };
  const found = await deps.store.findMachineGrant(query);
  const refusal = await authenticateClient(deps, found?.client, request, use);
  if (found === undefined || refusal)
    return { client: found?.client, answer: refusal ?? unauthorized('client.unknown') };
  const decision = decide(deps.origin, found, request);
  if (decision instanceof OAuthRefusal) return { client: found.client, answer: decision };
  return {
    found,
    decision,
    organization: organizationOf(found, request) === undefined ? undefined : found.organization,
  };
}

const split = (scope: string): string[] => scope.split(' ').filter((part) => part !== '');

function refuseDenied(
  { refusal, error, executions }: Extract<ExchangeDecision, { readonly kind: 'denied' }>,
  organization: GrantOrganization | undefined,
): OAuthRefusal {
  const evidence = { ...(organization && { organizationId: organization.id }), actions: executions };
  const refused = refusedByAction(refusal, evidence);
  const status = error === undefined ? undefined : STATUSES.get(error);
  if (error === undefined || status === undefined) return refused;
  return new OAuthRefusal(status, error, refused.description, refused.evidence);
}

function toToken(
  { origin }: OAuthDependencies,
  { found, decision, organization }: Checked,
  wishes: TokenWishes | undefined,
): AccessTokenRequest {
  const { audience, lifetimeSeconds } = decision;
  const scope = wishScopes(split(decision.scope), wishes, { origin, audience }).join(' ');
  return {
    audience,
    scope,
    lifetimeSeconds,
    clientId: found.client.clientId,
    userId: undefined,
    organization: toTokenOrganization(organization, found.namesInTokens),
    profile: found.api?.profile ?? 'auth0',
    // A machine's permissions are the scopes of its token: a token requested with fewer scopes permits less.
    permissions: found.api?.tellsPermissions ? split(scope) : undefined,
    ...(wishes && { customClaims: wishes.accessClaims }),
  };
}

type Agreement = Pick<Extract<ExchangeDecision, { readonly kind: 'agreed' }>, 'ran' | 'wishes'>;

const NOT_ASKED: Agreement = { ran: false, wishes: undefined };

/** Asks the tenant's Actions, if any are bound. Returns the refusal if a quota is used up, or an Action denies. */
async function askActions(
  deps: OAuthDependencies,
  request: TokenRequest,
  { found, decision, organization }: Checked,
): Promise<Agreement | GrantOutcome> {
  // Nothing is put together for Actions that are not there: a machine may have hundreds of scopes.
  if (!isBound({ tenant: found }, 'credentials-exchange')) return NOT_ASKED;
  const { client } = found;
  const usedUp = await findUsedUp(deps, found, organization);
  if (usedUp) return { client, answer: usedUp.refusal, headers: usedUp.headers };
  const asked = await askAtExchange(
    {
      ip: request.ip,
      userAgent: request.userAgent,
      language: request.language,
      isWanted: request.isWanted,
      body: bodyForActions(request.parameters),
      tenant: found,
      client,
      organization,
      audience: decision.audience,
      requestedScopes: split(request.parameters.get('scope') ?? ''),
      scopes: split(decision.scope),
    },
    deps.act,
  );
  return asked.kind === 'denied' ? { client, answer: refuseDenied(asked, organization) } : asked;
}

/** Performs the grant (top of this file). Throws {@link Fault} when the database failed. */
export async function grantClientCredentials(deps: OAuthDependencies, request: TokenRequest): Promise<GrantOutcome> {
  const checked = await checkRequest(deps, request, 'once');
  if ('answer' in checked) return checked;
  const asked = await askActions(deps, request, checked);
  if ('answer' in asked) return asked;
  // Actions may take seconds, so the checks run again. If a secret, grant or organization was removed meanwhile, no
  // token is issued.
  const still = asked.ran ? await checkRequest(deps, request, 'again') : checked;
  if ('answer' in still) return still;
  const { client } = checked.found;
  const token = toToken(deps, still, asked.wishes);
  const answer = await prepareAnswer(deps, { access: token, id: undefined });
  if (answer instanceof OAuthRefusal) return { client, answer };
  // Counted last: a request that is refused for another reason uses up no quota.
  const { refusal, headers } = await countToken(deps, still.found, still.organization);
  return { client, answer: refusal ?? (await answer.sign()), headers };
}
