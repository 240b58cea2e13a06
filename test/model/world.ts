/**
 * One real server on a real PostgreSQL, its identity providers and its connections, for many histories one after another.
 * Between histories everything but the server's own rows is removed; nothing in it is a stub. Needs no test runner, so that
 * the soak can use it as well.
 */
import { createServer } from 'node:net';
import type pg from 'pg';
import { pino } from 'pino';
import { createBoxes } from '../../src/compose/secrets.js';
import { type Server, startServer } from '../../src/compose/server.js';
import { type Config, parseConfig } from '../../src/config/config.js';
import { TRIGGERS } from '../../src/domain/actions/action.js';
import { systemClock } from '../../src/kernel/clock.js';
import { systemEntropy } from '../../src/kernel/ids.js';
import { createSigningKeyStore } from '../../src/storage/secrets/signing-key-store.js';
import { createTokenIssuer } from '../../src/tokens/issuer.js';
import { openKeyRing } from '../../src/tokens/signing-keys.js';
import { startSamlIdp } from '../support/saml/idp.js';
import { type Person, startScriptedIdp } from '../support/scripted-idp.js';
import { startTextNameServer, txt } from '../support/text-name-server.js';
import { CONNECTION_IDPS, IDPS, ROLES, SCIM_GROUPS } from './actions.js';
import { AUDITS } from './customer.js';
import { DATABASE, DENIALS, type Strategy, type TenantCode, type Via } from './state.js';
import { ADMISSION, POST_LOGIN } from './tenant-code.js';

export type Json = Record<string, unknown>;

export const CALLBACK = 'http://127.0.0.1:9/callback';
export const PASSWORD = 'Correct-horse-7-battery';
const MACHINE = { id: 'm2m', secret: 's3cret-of-the-machine-client' };

export interface World {
  readonly origin: string;
  readonly server: Server;
  readonly pool: pg.Pool;
  readonly providers: readonly Provider[];
  /** People at each provider, by login; read by it at every sign-in. */
  readonly people: readonly Record<string, Person>[];
  /** One application that requires an organization, one that takes none, one where it is picked afterwards. */
  readonly clients: Readonly<Record<Via, { readonly id: string; readonly secret: string }>>;
  /** Real ids by the model's names. */
  readonly connectionIds: Record<string, string>;
  readonly roleIds: Readonly<Record<string, string>>;
  /** Groups of the directories, by connection and name. They stay between histories, empty. */
  readonly scimGroups: Readonly<Record<string, string>>;
  readonly passwordHash: string;
  /** Status and body of a Management API call, whatever it answers. */
  api(method: string, path: string, body?: unknown): Promise<{ status: number; body: Json }>;
  /** The same for a client that may make links and no more. */
  weakApi(method: string, path: string, body?: unknown): Promise<{ status: number; body: Json }>;
  /** A company's directory calls the SCIM endpoint of its connection; the status. */
  scim(connection: string, method: string, path: string, body?: unknown): Promise<number>;
  /** A member calls the My Organization API with a token of the main application. */
  myOrg(
    who: { readonly userId: string; readonly organizationId: string },
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: Json }>;
  /** TXT records by their names, in small letters. */
  readonly records: Map<string, string>;
  /** Takes the applications' address from them, or gives it back. */
  setCallback(gone: boolean): Promise<number>;
  /** Binds what the tenant's own code is to be, and sets its order. */
  useCode(code: TenantCode | undefined): Promise<void>;
  /** Milliseconds by which the server's clock is off from now on. */
  shiftClock(ms: number): void;
  /** Lets the server's limits of requests rest for so long. Its time of day stays. */
  rest(ms: number): void;
  /** Removes organizations, people and all that hangs on them. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

async function findFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

type Secret = typeof MACHINE;

async function fetchToken(origin: string, machine: Secret): Promise<string> {
  const response = await fetch(`${origin}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: machine.id,
      client_secret: machine.secret,
      audience: `${origin}/api/v2/`,
    }),
  });
  if (!response.ok) throw new Error(`no management token: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { access_token: string }).access_token;
}

type Api = World['api'];

function createApi(origin: string, machine: Secret = MACHINE): Api {
  let token: string | undefined;
  return async (method, path, body) => {
    token ??= await fetchToken(origin, machine);
    const response = await fetch(`${origin}/api/v2${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Json) };
  };
}

function mustBeOk({ status, body }: { status: number; body: Json }): Json {
  if (status >= 300) throw new Error(`setting the world up: ${status} ${JSON.stringify(body)}`);
  return body;
}

/** A company's identity provider: it speaks both protocols of the same people, as two issuers. */
export interface Provider {
  issuer(strategy: Strategy): string;
  /** Options of a connection to it. */
  options(strategy: Strategy): Json;
  /** Whether an address is one of its pages. */
  isAt(url: string): boolean;
  /** Signs in at one of its pages; the request with which the browser comes back. */
  signIn(url: string, login: string): Promise<{ method: 'GET' | 'POST'; url: string; body?: URLSearchParams }>;
  stop(): Promise<void>;
}

async function startProvider(people: Readonly<Record<string, Person>>): Promise<Provider> {
  const oidc = await startScriptedIdp({ people });
  const saml = await startSamlIdp(people);
  const oidcOptions = {
    type: 'back_channel',
    issuer: oidc.issuer,
    discovery_url: `${oidc.issuer}/.well-known/openid-configuration`,
    client_id: oidc.clientId,
    client_secret: oidc.clientSecret,
    scope: 'openid profile email',
  };
  const samlOptions = {
    metadataUrl: saml.metadataUrl,
    issuer: saml.entityId,
    fieldsMap: { contractor: 'http://schemas.passportjs.com/contractor' },
  };
  return {
    issuer: (strategy) => (strategy === 'samlp' ? saml.entityId : oidc.issuer),
    options: (strategy) => (strategy === 'samlp' ? samlOptions : oidcOptions),
    isAt: (url) => url.startsWith(oidc.issuer) || url.startsWith(saml.ssoUrl),
    async signIn(url, login) {
      if (url.startsWith(oidc.issuer)) return { method: 'GET', url: (await oidc.signIn(url, login)).url };
      const back = await saml.signIn(url, login);
      return { method: 'POST', url: back.url, body: new URLSearchParams(back.parameters as Record<string, string>) };
    },
    async stop() {
      await oidc.stop();
      await saml.stop();
    },
  };
}

const USES: Readonly<Record<Via, Json>> = {
  main: { organization_usage: 'require' },
  alone: { organization_usage: 'allow' },
  picker: { organization_usage: 'allow', organization_require_behavior: 'post_login_prompt' },
};

async function createApplication(api: Api, via: Via, connectionIds: readonly string[]) {
  const client = mustBeOk(
    await api('POST', '/clients', {
      name: `Notebook ${via}`,
      app_type: 'regular_web',
      callbacks: [CALLBACK],
      allowed_logout_urls: ['http://127.0.0.1:9/bye'],
      initiate_login_uri: 'https://127.0.0.1:9/login',
      ...USES[via],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'client_secret_post',
      refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring' },
    }),
  );
  for (const id of connectionIds)
    mustBeOk(
      await api('PATCH', `/connections/${id}/clients`, [{ client_id: client.client_id as string, status: true }]),
    );
  return { id: client.client_id as string, secret: client.client_secret as string };
}

/** A client that may make links for people, and neither write nor verify them. */
async function createWeakApi(api: Api, origin: string): Promise<Api> {
  const client = mustBeOk(await api('POST', '/clients', { name: 'Help desk', app_type: 'non_interactive' }));
  const grant = { client_id: client.client_id, audience: `${origin}/api/v2/`, scope: ['create:user_tickets'] };
  mustBeOk(await api('POST', '/client-grants', grant));
  return createApi(origin, { id: client.client_id as string, secret: client.client_secret as string });
}

/** The product's own hash of {@link PASSWORD}, made once: hashing is slow on purpose. */
async function findPasswordHash(api: Api, pool: pg.Pool): Promise<string> {
  const user = { connection: DATABASE, email: 'hash@acme.example', password: PASSWORD, email_verified: true };
  mustBeOk(await api('POST', '/users', user));
  const found = await pool.query<{ hash: string }>('select hash from password_credentials');
  return found.rows[0]?.hash ?? '';
}

async function deploy(api: Api, name: string, trigger: 'post-login' | 'organization-admission', code: string) {
  const supported = [{ id: trigger, version: TRIGGERS[trigger].version }];
  const { id } = mustBeOk(await api('POST', '/actions/actions', { name, code, supported_triggers: supported }));
  mustBeOk(await api('POST', `/actions/actions/${id}/deploy`));
  return String(id);
}

/** The Actions are deployed when the first history wants them; afterwards they are bound and unbound. */
function createCodeSwitch(api: Api): World['useCode'] {
  let deployed: { readonly admission: string; readonly denials: Readonly<Record<string, string>> } | undefined;
  let current: TenantCode | undefined;
  return async (code) => {
    if (JSON.stringify(code) === JSON.stringify(current)) return;
    if (deployed === undefined) {
      const denials: Record<string, string> = {};
      for (const name of DENIALS) denials[name] = await deploy(api, name, 'post-login', POST_LOGIN[name]);
      deployed = { denials, admission: await deploy(api, 'admission', 'organization-admission', ADMISSION) };
    }
    const { admission, denials } = deployed;
    const bind = async (trigger: string, ids: readonly (string | undefined)[]) =>
      mustBeOk(
        await api('PATCH', `/actions/triggers/${trigger}/bindings`, {
          bindings: ids
            .filter((id) => id !== undefined)
            .map((value) => ({ ref: { type: 'action_id', value }, display_name: value })),
        }),
      );
    await bind('post-login', code?.denies === undefined ? [] : [denials[code.denies]]);
    await bind('organization-admission', code?.admits ? [admission] : []);
    mustBeOk(await api('PATCH', '/tenants/settings', { membership_evaluation: code?.order ?? 'after_actions' }));
    current = code;
  };
}

function createCallbackSwitch(api: Api, clientIds: readonly string[]): World['setCallback'] {
  let current = false;
  return async (gone) => {
    if (gone === current) return 200;
    current = gone;
    const callbacks = [gone ? 'http://127.0.0.1:9/elsewhere' : CALLBACK];
    for (const id of clientIds) mustBeOk(await api('PATCH', `/clients/${id}`, { callbacks }));
    return 200;
  };
}

interface Directories {
  readonly scim: World['scim'];
  readonly scimGroups: World['scimGroups'];
}

/** Turns SCIM on for the companies' connections, with groups that are there already. */
async function startDirectories(
  api: Api,
  origin: string,
  connectionIds: Readonly<Record<string, string>>,
): Promise<Directories> {
  const scopes = ['get', 'post', 'put', 'patch', 'delete'].flatMap((verb) => [`${verb}:users`, `${verb}:groups`]);
  const tokens: Record<string, string> = {};
  const call = (connection: string, method: string, path: string, body?: unknown) =>
    fetch(`${origin}/scim/v2/connections/${connectionIds[connection]}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${tokens[connection]}`,
        ...(body !== undefined && { 'content-type': 'application/scim+json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const scimGroups: Record<string, string> = {};
  for (const [name, id] of Object.entries(connectionIds)) {
    if (name === DATABASE) continue;
    const path = `/connections/${id}/scim-configuration`;
    mustBeOk(await api('POST', path, { user_id_attribute: 'externalId' }));
    tokens[name] = String(mustBeOk(await api('POST', `${path}/tokens`, { scopes })).token);
    for (const displayName of SCIM_GROUPS) {
      const response = await call(name, 'POST', '/Groups', { displayName });
      scimGroups[`${name} ${displayName}`] = String(((await response.json()) as Json).id);
    }
  }
  const scim: World['scim'] = async (...request) => {
    const response = await call(...request);
    await response.arrayBuffer();
    return response.status;
  };
  return { scim, scimGroups };
}

/** Registers the My Organization API. Editors may do everything there, auditors less; members may give both roles. */
async function openToCustomers(api: Api, origin: string, clientId: string, roleIds: Readonly<Record<string, string>>) {
  const audience = `${origin}/my-org/`;
  const server = mustBeOk(await api('POST', '/resource-servers', { identifier: audience }));
  const scope = (server.scopes as { value: string }[]).map(({ value }) => value);
  mustBeOk(await api('POST', '/client-grants', { client_id: clientId, audience, subject_type: 'user', scope }));
  const configuration = { allowed_strategies: ['oidc'], connection_deletion_behavior: 'allow' };
  mustBeOk(await api('PATCH', `/clients/${clientId}`, { my_organization_configuration: configuration }));
  for (const [name, permits] of Object.entries({ editor: scope, auditor: AUDITS })) {
    mustBeOk(await api('PATCH', `/roles/${roleIds[name]}`, { assignable_by_organizations: true }));
    const permissions = permits.map((one) => ({ permission_name: one, resource_server_identifier: audience }));
    mustBeOk(await api('POST', `/roles/${roleIds[name]}/permissions`, { permissions }));
  }
  return scope;
}

/** Calls the My Organization API with tokens that a login would issue; how people get them is not what a history is about. */
async function createCustomers(
  config: Config,
  { origin, pool }: Server,
  clientId: string,
  scope: readonly string[],
  rest: World['rest'],
) {
  const { rows, accessTokens } = createBoxes(config, systemEntropy);
  const ring = await openKeyRing(createSigningKeyStore(pool, rows), systemClock, systemEntropy);
  const issuer = createTokenIssuer({ origin, ring, box: accessTokens, clock: systemClock, entropy: systemEntropy });
  const myOrg: World['myOrg'] = async ({ userId, organizationId }, method, path, body) => {
    const token = await issuer.issueAccessToken({
      ...{ clientId, userId, audience: `${origin}/my-org/`, scope: scope.join(' '), profile: 'auth0' },
      ...{ organization: { id: organizationId, name: undefined }, lifetimeSeconds: 600, permissions: undefined },
    });
    const response = await fetch(`${origin}/my-org${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    // The limit of one person's requests holds for the names of all histories.
    if (response.status === 429) {
      rest(500);
      return myOrg({ userId, organizationId }, method, path, body);
    }
    return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Json) };
  };
  return myOrg;
}

/** All but the operators' organization, which the server made at its start. */
const RESET =
  'delete from connections where managed_by_organization is not null; delete from users; delete from organizations where not exists (select 1 from operators o where o.organization_id = organizations.id); delete from login_receipts; delete from attempt_counters; delete from outbox; delete from logs; delete from user_id_prefixes; update tenant set guardian = default';

/** People sign in with passkeys that they have; none is offered, so that each question is a rule's. */
export const WITH_PASSKEYS = {
  authentication_methods: { password: { enabled: true }, passkey: { enabled: true } },
  passkey_options: { progressive_enrollment_enabled: false, local_enrollment_enabled: false },
};

/** Starts server, identity providers and connections on a migrated or empty database. */
export async function startWorld(databaseUrl: string, database: pg.Pool): Promise<World> {
  const port = await findFreePort();
  const records = new Map<string, string>();
  const names = await startTextNameServer();
  names.answer((name) => {
    const text = records.get(name);
    return text === undefined ? { code: 3 } : { records: [txt(name, text)] };
  });
  const config = parseConfig({
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    VESTIBULE_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
    VESTIBULE_MANAGEMENT_CLIENT_ID: MACHINE.id,
    VESTIBULE_MANAGEMENT_CLIENT_SECRET: MACHINE.secret,
    VESTIBULE_OUTBOUND_ALLOW: '127.0.0.0/8,::1',
    VESTIBULE_OUTBOUND_ALLOW_CUSTOMERS: '127.0.0.0/8,::1',
    VESTIBULE_DNS_SERVERS: names.address,
    VESTIBULE_LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
    VESTIBULE_LOG_LINES_PER_MINUTE: '1000000',
  });
  let shift = 0;
  let rested = 0;
  const server = await startServer(config, {
    logger: pino({ level: config.logLevel }),
    passwordRefusalFloorMs: 0,
    clock: {
      now: () => new Date(systemClock.now().getTime() + shift),
      monotonicMs: () => systemClock.monotonicMs() + rested,
    },
  });
  const api = createApi(server.origin);
  const people = Array.from({ length: IDPS }, (): Record<string, Person> => ({}));
  const providers = await Promise.all(people.map(startProvider));
  const create = async (path: string, body: Json) => mustBeOk(await api('POST', path, body)).id as string;
  const databaseId = await create('/connections', { name: DATABASE, strategy: 'auth0', options: WITH_PASSKEYS });
  const connectionIds: Record<string, string> = { [DATABASE]: databaseId };
  for (const [index, idp] of CONNECTION_IDPS.entries()) {
    const options = providers[idp]?.options('oidc');
    connectionIds[`c${index}`] = await create('/connections', { name: `c${index}`, strategy: 'oidc', options });
  }
  const roleIds: Record<string, string> = {};
  for (const name of ROLES) roleIds[name] = await create('/roles', { name });
  const all = Object.values(connectionIds);
  const clients = {
    main: await createApplication(api, 'main', [databaseId]),
    alone: await createApplication(api, 'alone', all),
    picker: await createApplication(api, 'picker', all),
  };
  const scope = await openToCustomers(api, server.origin, clients.main.id, roleIds);
  const directories = await startDirectories(api, server.origin, connectionIds);
  const passwordHash = await findPasswordHash(api, database);
  const weakApi = await createWeakApi(api, server.origin);
  const rest: World['rest'] = (ms) => {
    rested += ms;
  };
  return {
    origin: server.origin,
    server,
    pool: database,
    providers,
    people,
    clients,
    connectionIds,
    roleIds,
    passwordHash,
    ...directories,
    myOrg: await createCustomers(config, server, clients.main.id, scope, rest),
    records,
    api,
    weakApi,
    setCallback: createCallbackSwitch(
      api,
      Object.values(clients).map(({ id }) => id),
    ),
    useCode: createCodeSwitch(api),
    shiftClock: (ms) => {
      shift = ms;
    },
    rest,
    reset: async () => void (await database.query(RESET)),
    async stop() {
      await server.close();
      await Promise.all(providers.map((provider) => provider.stop()));
      await names.stop();
    },
  };
}
