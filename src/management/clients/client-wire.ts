/**
 * Converts a client between Auth0's JSON and ours. Settings that have no effect here are stored in `extra`, and
 * returned from there.
 */
import type { ClientChanges, ClientRecord } from '../../ports/directory/clients.js';
import { badBody } from '../api/errors.js';
import { namesOf, toChanges, toDefaults } from '../api/fields.js';
import type { Wire } from '../api/operation.js';
import {
  ANY_OBJECT,
  changed,
  listOf,
  mergeKept,
  mergeMetadata,
  openTo,
  replyOf,
  rowsOf,
  sometimes,
  viewOf,
  wordOf,
} from '../api/wire.js';
import {
  AUTHENTICATION,
  type AuthenticationBody,
  defaultMethod,
  isPublic,
  toAuthentication,
} from './authentication.js';
import { checkBackChannelLogout, toLogoutWire, withNewerLogout } from './back-channel-logout.js';
import { CLIENT_COLUMNS, CLIENT_FIELDS, CLIENT_KEPT_DEFAULTS, type ClientSettingsBody } from './fields.js';
import { defaultRefresh, fromRefreshBody, REFRESH_REPLY, type RefreshBody, toRefreshWire } from './refresh-token.js';
import type { ShownCertificate } from './signing-certificate.js';

export interface ClientBody extends ClientSettingsBody, AuthenticationBody {
  readonly client_secret?: string;
  readonly jwt_configuration?: { readonly lifetime_in_seconds?: number; readonly alg?: string } | null;
  readonly refresh_token?: RefreshBody | null;
  readonly client_metadata?: Wire | null;
}

/** Properties that are not stored in `extra`: they have a column or are computed. */
const OWN_PROPERTIES: ReadonlySet<string> = new Set([
  ...namesOf(CLIENT_FIELDS),
  'client_secret',
  'client_metadata',
  'client_authentication_methods',
]);

/** The older and the newer name of a setting that is stored under the newer one. Answers have both. */
const [OLDER, NEWER] = ['cross_origin_auth', 'cross_origin_authentication'] as const;

/** Returns the body with the newer name alone, which counts where a request has both. */
function withNewerName({ [OLDER]: older, ...body }: Wire): Wire {
  return older === undefined ? body : { [NEWER]: older, ...body };
}

const MAX_ID_TOKEN_LIFETIME = 2_592_000;

/**
 * Returns Auth0's default grant types for a kind of application, as recorded. `implicit` is shown and opens nothing:
 * there is no implicit flow here.
 */
function defaultGrantTypes(appType: string | undefined): readonly string[] {
  if (appType === 'resource_server') return [];
  const ofPeople = ['authorization_code', 'implicit', 'refresh_token'];
  return isPublic(appType) ? ofPeople : [...ofPeople, 'client_credentials'];
}

function idTokenLifetime(body: ClientBody): number | undefined {
  if (body.jwt_configuration === null) return DEFAULTS.idTokenLifetimeSeconds;
  const seconds = body.jwt_configuration?.lifetime_in_seconds;
  if (seconds !== undefined && (seconds < 1 || seconds > MAX_ID_TOKEN_LIFETIME)) {
    throw badBody(`jwt_configuration.lifetime_in_seconds takes 1 to ${MAX_ID_TOKEN_LIFETIME}.`);
  }
  const algorithm = body.jwt_configuration?.alg;
  if (algorithm !== undefined && algorithm !== 'RS256')
    throw badBody('jwt_configuration.alg: this server signs with RS256.');
  return seconds;
}

/** Keeps `secret_encoded`, which can be set once, as on Auth0: a later request without it does not change it. */
function keepEncoding(jwt: unknown, before: ClientRecord | undefined): unknown {
  const { secret_encoded } = (before?.extra.jwt_configuration ?? {}) as Wire;
  return jwt === null || secret_encoded === undefined ? jwt : { secret_encoded, ...(jwt as Wire) };
}

/** Converts a setting without a column to what is stored: the default of `refusals` is stored as absent. */
function toKept(name: string, value: unknown, before: ClientRecord | undefined): unknown {
  if (name === 'jwt_configuration') return keepEncoding(value, before);
  return name === 'refusals' && value === 'redirect' ? null : value;
}

/**
 * Returns the changes to a client that a request asks for. Throws 400 for settings that this server does not support.
 * `credentialIds`: the ids of the credentials that the request names, undefined if it names none.
 */
export function fromClientBody(
  body: ClientBody,
  before: ClientRecord | undefined,
  credentialIds: readonly string[] | undefined,
): ClientChanges {
  checkBackChannelLogout(body as Wire);
  const rest = Object.entries(withNewerLogout(withNewerName(body as Wire)))
    .filter(([name]) => !OWN_PROPERTIES.has(name))
    .map(([name, value]) => [name, toKept(name, value, before)] as const);
  const metadata = body.client_metadata === null ? {} : body.client_metadata;
  return {
    ...toChanges(CLIENT_FIELDS, body),
    ...toAuthentication(body, before, credentialIds),
    ...changed<Pick<ClientChanges, 'idTokenLifetimeSeconds' | 'metadata' | 'extra'>>({
      idTokenLifetimeSeconds: idTokenLifetime(body),
      metadata: metadata && mergeMetadata(before?.metadata ?? {}, metadata),
      extra: rest.length === 0 ? undefined : mergeKept(before?.extra ?? {}, rest),
    }),
    ...(body.initiate_login_uri === '' && { initiateLoginUri: undefined }),
    ...fromRefreshBody(body.refresh_token, before, isPublic(body.app_type ?? before?.appType)),
  };
}

const DEFAULTS = toDefaults(CLIENT_COLUMNS);

/** Returns a new client with Auth0's defaults, some of which depend on the kind of application. */
export function newClient(
  clientId: string,
  body: ClientBody & { readonly name: string },
  now: Date,
  credentialIds?: readonly string[],
): ClientRecord {
  const isOpen = isPublic(body.app_type);
  return {
    ...DEFAULTS,
    ...defaultRefresh(isOpen),
    clientId,
    tokenEndpointAuthMethod: defaultMethod(body.app_type),
    grantTypes: defaultGrantTypes(body.app_type ?? undefined),
    metadata: {},
    extra: {},
    createdAt: now,
    updatedAt: now,
    ...fromClientBody(body, undefined, credentialIds),
  };
}

/** A client, with what the caller's scopes show besides. */
export interface ShownClient extends ClientRecord {
  readonly secret?: string | undefined;
  readonly certificates?: readonly ShownCertificate[];
}

const withDefaults = ({ extra }: ClientRecord): Wire => ({ ...CLIENT_KEPT_DEFAULTS, ...extra });
const { name: _name, tokenEndpointAuthMethod: _method, ...OTHERS } = CLIENT_FIELDS;

/** The properties that the served document names. All but the first two depend on the caller's scopes. */
const CLIENT = viewOf<ShownClient>({
  client_id: ['string', ({ clientId }) => clientId],
  name: ['string', ({ name }) => name],
  ...sometimes(rowsOf(OTHERS)),
  ...AUTHENTICATION,
  'client_secret?': ['string', ({ secret }) => secret],
  'refusals?': [wordOf('redirect', 'page'), ({ extra }) => extra.refusals],
  'client_metadata?': [ANY_OBJECT, ({ metadata }) => (Object.keys(metadata).length > 0 ? metadata : undefined)],
  'global?': ['boolean', ({ isGlobal }) => isGlobal],
  'jwt_configuration?': [
    openTo(replyOf({ alg: 'string', lifetime_in_seconds: 'integer' })),
    ({ extra, idTokenLifetimeSeconds }) => ({
      secret_encoded: false,
      ...(extra.jwt_configuration as Wire | undefined),
      alg: 'RS256',
      lifetime_in_seconds: idTokenLifetimeSeconds,
    }),
  ],
  'refresh_token?': [REFRESH_REPLY, toRefreshWire],
  'signing_keys?': [listOf(replyOf({ cert: 'string' })), ({ certificates = [] }) => certificates],
  'custom_login_page_on?': ['boolean', (client) => withDefaults(client).custom_login_page_on],
});

/** Schema of a client in answers, which also have the settings without an effect here. */
export const CLIENT_REPLY = openTo(CLIENT.schema);

/** Converts a client into Auth0's JSON. */
export function toClientWire(client: ShownClient): Wire {
  const kept = withDefaults(client);
  // The older name of the same setting: Auth0 shows both.
  const older = { cross_origin_auth: kept.cross_origin_authentication };
  return { ...kept, ...toLogoutWire(kept), ...older, ...CLIENT.show(client) };
}
