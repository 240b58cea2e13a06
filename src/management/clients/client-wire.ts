/** A client between Auth0's JSON and ours. Settings without an effect here go into `extra` and come back from it. */
import type { OrganizationRequireBehavior, OrganizationUsage, TokenEndpointAuthMethod } from '../../domain/tenant.js';
import type { ClientChanges, ClientRecord } from '../../ports/directory/clients.js';
import { badBody } from '../api/errors.js';
import type { Wire } from '../api/operation.js';
import { changed, mergeMetadata, orDefault, present } from '../api/wire.js';

interface RefreshBody {
  readonly rotation_type: 'rotating' | 'non-rotating';
  readonly expiration_type: 'expiring' | 'non-expiring';
  readonly leeway?: number;
  readonly token_lifetime?: number;
  readonly idle_token_lifetime?: number;
  readonly infinite_token_lifetime?: boolean;
  readonly infinite_idle_token_lifetime?: boolean;
}

export interface ClientBody {
  readonly name?: string;
  readonly client_secret?: string;
  readonly app_type?: string;
  readonly callbacks?: readonly string[];
  readonly allowed_logout_urls?: readonly string[];
  readonly web_origins?: readonly string[];
  readonly grant_types?: readonly string[];
  readonly initiate_login_uri?: string;
  readonly organization_usage?: OrganizationUsage | null;
  readonly organization_require_behavior?: OrganizationRequireBehavior | null;
  readonly token_endpoint_auth_method?: TokenEndpointAuthMethod | null;
  readonly is_first_party?: boolean;
  readonly jwt_configuration?: { readonly lifetime_in_seconds?: number; readonly alg?: string };
  readonly refresh_token?: RefreshBody | null;
  readonly client_metadata?: Wire;
}

const OWN_FIELDS: ReadonlySet<string> = new Set([
  'name',
  'client_secret',
  'app_type',
  'callbacks',
  'allowed_logout_urls',
  'web_origins',
  'grant_types',
  'initiate_login_uri',
  'organization_usage',
  'organization_require_behavior',
  'token_endpoint_auth_method',
  'is_first_party',
  'refresh_token',
  'client_metadata',
]);

/** Auth0's longest lifetime in seconds; "infinite" is stored as this. */
const LONGEST = 157_788_000;
const MAX_ID_TOKEN_LIFETIME = 2_592_000;

/** Grant types by kind of application, as Auth0 sets them when none are given. */
function defaultGrantTypes(appType: string | undefined): readonly string[] {
  if (appType === 'non_interactive') return ['client_credentials'];
  if (appType === 'spa' || appType === 'native') return ['authorization_code', 'refresh_token'];
  return ['authorization_code', 'refresh_token', 'client_credentials'];
}

function fromRefresh(body: RefreshBody | null | undefined): ClientChanges {
  if (body === undefined || body === null) return {};
  const endless = body.expiration_type === 'non-expiring';
  const lifetime = endless || body.infinite_token_lifetime ? LONGEST : body.token_lifetime;
  const idle = endless || body.infinite_idle_token_lifetime ? LONGEST : body.idle_token_lifetime;
  if (lifetime !== undefined && idle !== undefined && idle > lifetime) {
    throw badBody('refresh_token.idle_token_lifetime must not be longer than refresh_token.token_lifetime.');
  }
  return {
    refreshRotating: body.rotation_type === 'rotating',
    ...(body.leeway === undefined ? {} : { refreshLeewaySeconds: body.leeway }),
    ...(lifetime === undefined ? {} : { refreshLifetimeSeconds: lifetime }),
    ...(idle === undefined ? {} : { refreshIdleLifetimeSeconds: idle }),
  };
}

function idTokenLifetime(body: ClientBody): number | undefined {
  const seconds = body.jwt_configuration?.lifetime_in_seconds;
  if (seconds !== undefined && (seconds < 1 || seconds > MAX_ID_TOKEN_LIFETIME)) {
    throw badBody(`jwt_configuration.lifetime_in_seconds takes 1 to ${MAX_ID_TOKEN_LIFETIME}.`);
  }
  const algorithm = body.jwt_configuration?.alg;
  if (algorithm !== undefined && algorithm !== 'RS256')
    throw badBody('jwt_configuration.alg: this server signs with RS256.');
  return seconds;
}

/** The fields of a request as changes to a client. */
export function fromClientBody(body: ClientBody, before: ClientRecord | undefined): ClientChanges {
  const rest = Object.entries(body).filter(([name]) => !OWN_FIELDS.has(name));
  return {
    ...changed<ClientChanges>({
      name: body.name,
      appType: body.app_type,
      callbacks: body.callbacks,
      allowedLogoutUrls: body.allowed_logout_urls,
      webOrigins: body.web_origins,
      grantTypes: body.grant_types,
      organizationUsage: orDefault(body.organization_usage, 'deny'),
      organizationRequireBehavior: orDefault(body.organization_require_behavior, 'no_prompt'),
      tokenEndpointAuthMethod: orDefault(body.token_endpoint_auth_method, 'client_secret_post'),
      isFirstParty: body.is_first_party,
      idTokenLifetimeSeconds: idTokenLifetime(body),
      metadata:
        body.client_metadata === undefined ? undefined : mergeMetadata(before?.metadata ?? {}, body.client_metadata),
      extra: rest.length === 0 ? undefined : { ...before?.extra, ...Object.fromEntries(rest) },
    }),
    // '' removes the address.
    ...(body.initiate_login_uri === undefined ? {} : { initiateLoginUri: body.initiate_login_uri || undefined }),
    ...fromRefresh(body.refresh_token),
  };
}

/** A new client with Auth0's defaults. */
export function newClient(clientId: string, body: ClientBody & { readonly name: string }, now: Date): ClientRecord {
  const isPublic = body.app_type === 'spa' || body.app_type === 'native';
  const defaults: ClientRecord = {
    clientId,
    name: body.name,
    appType: undefined,
    tokenEndpointAuthMethod: isPublic ? 'none' : 'client_secret_post',
    callbacks: [],
    allowedLogoutUrls: [],
    webOrigins: [],
    grantTypes: defaultGrantTypes(body.app_type),
    initiateLoginUri: undefined,
    organizationUsage: 'deny',
    organizationRequireBehavior: 'no_prompt',
    idTokenLifetimeSeconds: 36_000,
    refreshRotating: isPublic,
    refreshLeewaySeconds: 0,
    refreshLifetimeSeconds: 2_592_000,
    refreshIdleLifetimeSeconds: 1_296_000,
    isFirstParty: true,
    isGlobal: false,
    metadata: {},
    extra: {},
    createdAt: now,
    updatedAt: now,
  };
  return { ...defaults, ...fromClientBody(body, undefined) };
}

function toRefreshWire(client: ClientRecord): Wire {
  const endless = client.refreshLifetimeSeconds >= LONGEST;
  const endlessIdle = client.refreshIdleLifetimeSeconds >= LONGEST;
  return {
    rotation_type: client.refreshRotating ? 'rotating' : 'non-rotating',
    expiration_type: endless && endlessIdle ? 'non-expiring' : 'expiring',
    leeway: client.refreshLeewaySeconds,
    token_lifetime: client.refreshLifetimeSeconds,
    idle_token_lifetime: client.refreshIdleLifetimeSeconds,
    infinite_token_lifetime: endless,
    infinite_idle_token_lifetime: endlessIdle,
  };
}

/** A client as Auth0 shows it, without its secret. */
export function toClientWire(client: ClientRecord): Wire {
  const jwt = (client.extra.jwt_configuration ?? {}) as Wire;
  return present({
    ...client.extra,
    client_id: client.clientId,
    name: client.name,
    app_type: client.appType,
    global: client.isGlobal,
    is_first_party: client.isFirstParty,
    oidc_conformant: true,
    callbacks: client.callbacks,
    allowed_logout_urls: client.allowedLogoutUrls,
    web_origins: client.webOrigins,
    grant_types: client.grantTypes,
    initiate_login_uri: client.initiateLoginUri,
    organization_usage: client.organizationUsage,
    organization_require_behavior: client.organizationRequireBehavior,
    token_endpoint_auth_method: client.tokenEndpointAuthMethod,
    jwt_configuration: { ...jwt, alg: 'RS256', lifetime_in_seconds: client.idTokenLifetimeSeconds },
    refresh_token: toRefreshWire(client),
    client_metadata: Object.keys(client.metadata).length > 0 ? client.metadata : undefined,
    signing_keys: [],
    custom_login_page_on: true,
  });
}
