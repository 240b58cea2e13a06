/** A client between Auth0's JSON and ours. Settings without an effect here go into `extra` and come back from it. */
import type { ClientChanges, ClientRecord } from '../../ports/directory/clients.js';
import { badBody } from '../api/errors.js';
import { namesOf, toChanges, toDefaults, toJson } from '../api/fields.js';
import type { Wire } from '../api/operation.js';
import { changed, mergeMetadata, present } from '../api/wire.js';
import { CLIENT_COLUMNS, CLIENT_FIELDS, type ClientSettingsBody } from './fields.js';

interface RefreshBody {
  readonly rotation_type: 'rotating' | 'non-rotating';
  readonly expiration_type: 'expiring' | 'non-expiring';
  readonly leeway?: number;
  readonly token_lifetime?: number;
  readonly idle_token_lifetime?: number;
  readonly infinite_token_lifetime?: boolean;
  readonly infinite_idle_token_lifetime?: boolean;
}

export interface ClientBody extends ClientSettingsBody {
  readonly client_secret?: string;
  readonly jwt_configuration?: { readonly lifetime_in_seconds?: number; readonly alg?: string };
  readonly refresh_token?: RefreshBody | null;
  readonly client_metadata?: Wire;
}

/** Properties that do not go into `extra`. */
const OWN_PROPERTIES: ReadonlySet<string> = new Set([
  ...namesOf(CLIENT_FIELDS),
  'client_secret',
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

/** The properties of a request as changes to a client. */
export function fromClientBody(body: ClientBody, before: ClientRecord | undefined): ClientChanges {
  const rest = Object.entries(body).filter(([name]) => !OWN_PROPERTIES.has(name));
  return {
    ...toChanges(CLIENT_FIELDS, body),
    ...changed<Pick<ClientChanges, 'idTokenLifetimeSeconds' | 'metadata' | 'extra'>>({
      idTokenLifetimeSeconds: idTokenLifetime(body),
      metadata:
        body.client_metadata === undefined ? undefined : mergeMetadata(before?.metadata ?? {}, body.client_metadata),
      extra: rest.length === 0 ? undefined : { ...before?.extra, ...Object.fromEntries(rest) },
    }),
    ...(body.initiate_login_uri === '' && { initiateLoginUri: undefined }),
    ...fromRefresh(body.refresh_token),
  };
}

const DEFAULTS = toDefaults(CLIENT_COLUMNS);

/** A new client with Auth0's defaults, some of which depend on the kind of application. */
export function newClient(clientId: string, body: ClientBody & { readonly name: string }, now: Date): ClientRecord {
  const isPublic = body.app_type === 'spa' || body.app_type === 'native';
  return {
    ...DEFAULTS,
    clientId,
    tokenEndpointAuthMethod: isPublic ? 'none' : DEFAULTS.tokenEndpointAuthMethod,
    grantTypes: defaultGrantTypes(body.app_type ?? undefined),
    refreshRotating: isPublic,
    metadata: {},
    extra: {},
    createdAt: now,
    updatedAt: now,
    ...fromClientBody(body, undefined),
  };
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
    ...toJson(CLIENT_FIELDS, client),
    client_id: client.clientId,
    global: client.isGlobal,
    oidc_conformant: true,
    jwt_configuration: { ...jwt, alg: 'RS256', lifetime_in_seconds: client.idTokenLifetimeSeconds },
    refresh_token: toRefreshWire(client),
    client_metadata: Object.keys(client.metadata).length > 0 ? client.metadata : undefined,
    signing_keys: [],
    custom_login_page_on: true,
  });
}
