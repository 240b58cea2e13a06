/**
 * Builds the event of a past login, to test a draft with it. Sources are the log line, the current user, organization
 * and application, and the claims of the user's last sign-in by the connection. The log stores neither the query nor
 * the metadata of that login, so operators can add them to the event before the test. Pure.
 */
import { ACTION_NAMES } from '../../../facts/action-names.js';

type Wire = Readonly<Record<string, unknown>>;

/** The facts of a log line that an event contains. */
interface GroundLine {
  readonly date: string;
  readonly client_id?: string;
  readonly client_name?: string;
  readonly ip?: string;
  readonly user_agent?: string;
}

/**
 * The log line, and the objects that it names as the API returns them now. An object is undefined if it is deleted,
 * unreadable for the operator, or not named.
 */
export interface EventGround {
  readonly line: GroundLine;
  readonly user: Wire | undefined;
  readonly organization: Wire | undefined;
  readonly client: Wire | undefined;
  readonly connection: Wire | undefined;
  /**
   * The claims that the identity provider sent when the person last signed in by the connection. Empty after a sign-in
   * with a password.
   */
  readonly claims: Wire;
  /** Host name of this server. */
  readonly host: string;
}

function pick(from: Wire | undefined, names: readonly string[]): Wire {
  return Object.fromEntries(names.filter((name) => from?.[name] !== undefined).map((name) => [name, from?.[name]]));
}

const USER = [
  'user_id',
  'email',
  'email_verified',
  'name',
  'given_name',
  'family_name',
  'nickname',
  'picture',
  'identities',
  'created_at',
  'updated_at',
];

/** The properties of a person whose account is only now created, and of one who changed their password. */
const NEW_USER = ['email', 'email_verified', 'name'];
const MADE_USER = [...NEW_USER, 'user_id', 'created_at', 'updated_at'];
const PASSWORD_USER = ['user_id', 'email', 'email_verified', 'last_password_reset'];

const metadataOf = (user: Wire | undefined): Wire => ({
  user_metadata: user?.user_metadata ?? {},
  app_metadata: user?.app_metadata ?? {},
});

function userOf({ user, claims }: EventGround): Wire | undefined {
  if (user === undefined) return undefined;
  const { sub: _sub, ...atRoot } = claims;
  return {
    ...atRoot,
    ...pick(user, USER),
    ...metadataOf(user),
    enrolledFactors: [],
    multifactor: [],
  };
}

function sharedParts({ line, client, connection, organization, host }: EventGround): Wire {
  return {
    client: { client_id: line.client_id ?? '', name: line.client_name ?? '', metadata: client?.client_metadata ?? {} },
    connection: connection && { ...pick(connection, ['id', 'name', 'strategy']), metadata: connection.metadata ?? {} },
    organization: organization && {
      ...pick(organization, ['id', 'name', 'display_name']),
      metadata: organization.metadata ?? {},
    },
    request: {
      ip: line.ip ?? '',
      hostname: host,
      user_agent: line.user_agent,
      method: 'GET',
      query: {},
      body: {},
      geoip: {},
    },
    tenant: { id: host.split('.')[0] },
  };
}

const TRANSACTION = {
  acr_values: [],
  locale: 'en',
  prompt: [],
  protocol: 'oidc-basic-profile',
  requested_scopes: ['openid', 'profile', 'email'],
  response_type: ['code'],
  ui_locales: [],
};

function methodOf({ connection, line }: EventGround): Wire {
  return { name: connection?.strategy === 'auth0' ? 'pwd' : 'federated', timestamp: line.date };
}

/** Returns the parts of the event that only this trigger has. */
function ownParts(trigger: string, ground: EventGround): Wire {
  const user = userOf(ground);
  const email = ground.user?.email;
  if (trigger === 'credentials-exchange')
    return {
      accessToken: { customClaims: {}, scope: [] },
      resource_server: { identifier: '' },
      transaction: { requested_scopes: [] },
    };
  if (trigger === 'pre-user-registration')
    return { transaction: TRANSACTION, user: { ...pick(ground.user, NEW_USER), ...metadataOf(ground.user) } };
  if (trigger === 'post-user-registration')
    return { transaction: TRANSACTION, user: { ...pick(ground.user, MADE_USER), ...metadataOf(ground.user) } };
  if (trigger === 'post-change-password') return { user: pick(ground.user, PASSWORD_USER) };
  if (trigger === 'login-post-identifier')
    return { authentication: { identifier: { type: 'email', value: email } }, transaction: TRANSACTION };
  if (trigger === 'organization-admission') {
    const domain = typeof email === 'string' ? email.split('@')[1] : undefined;
    const proof = { proved: true, domain_proved_by_organization: false, domain_proved_by_another: false };
    return {
      identity: { email, email_verified: ground.user?.email_verified, claims: ground.claims, claims_cut: false },
      email: { address: email, domain, ...proof },
      user,
      transaction: TRANSACTION,
    };
  }
  const stats = { logins_count: ground.user?.logins_count ?? 1 };
  return {
    authentication: { methods: [methodOf(ground)] },
    authorization: { roles: [] },
    stats,
    transaction: { ...TRANSACTION, metadata: {} },
    user,
  };
}

/** Is in each event's request, although it is empty. */
const ALWAYS = 'geoip';

/** Removes the parts, and the properties of the request, that events of this trigger never have. */
function prune(trigger: string, event: Wire): Wire {
  const paths = Object.hasOwn(ACTION_NAMES, trigger) ? ACTION_NAMES[trigger]?.event : undefined;
  if (paths === undefined) return event;
  const names = new Set(paths.flatMap((line) => line.split(' ')));
  const parts = new Set([...names].map((name) => name.split('.')[0]));
  const kept = Object.fromEntries(Object.entries(event).filter(([part]) => parts.has(part)));
  const request = Object.entries((kept.request ?? {}) as Wire).filter(
    ([name]) => name === ALWAYS || names.has(`request.${name}`),
  );
  return { ...kept, request: Object.fromEntries(request) };
}

/** Builds the event for a trigger. Leaves out properties without a value, as `JSON.stringify` does. */
export function toEvent(trigger: string, ground: EventGround): Wire {
  const event = { ...sharedParts(ground), ...ownParts(trigger, ground) };
  return JSON.parse(JSON.stringify(prune(trigger, event))) as Wire;
}
