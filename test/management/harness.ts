/**
 * The Management API over `inject` on a database of its own. Tokens are texts that name their scopes. Every answer is compared
 * with the OpenAPI document that the server gives out: an undeclared status, a body of another shape, or a property that the document does not name fails the test.
 */
import { randomBytes } from 'node:crypto';
import { Ajv2020 } from 'ajv/dist/2020.js';
import Fastify, { type FastifyInstance } from 'fastify';
import { expect } from 'vitest';
import { createActionCheck, createModuleCheck } from '../../src/actions/check/check-action.js';
import { createCheckThread } from '../../src/actions/check/check-thread.js';
import { makeConnectionKey } from '../../src/connectors/oidc/client-key.js';
import { STRATEGY_NAMES } from '../../src/facts/strategies.js';
import { systemClock } from '../../src/kernel/clock.js';
import { systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox, type SecretBox } from '../../src/kernel/seal.js';
import type { ExplainQuestion, Explanation } from '../../src/login/explain.js';
import { checkOwnWords } from '../../src/mail/own-words.js';
import type { ManagementDeps } from '../../src/management/api/deps.js';
import { MANAGEMENT_SERVER_OPTIONS } from '../../src/management/api/plugin.js';
import { MANAGEMENT_SCOPES } from '../../src/management/api/scopes.js';
import { ensureSystemRows } from '../../src/management/bootstrap.js';
import { createManagement, createOperations } from '../../src/management/resources.js';
import type { ActionRunner, TriggerRun } from '../../src/ports/action-runner.js';
import type { OutgoingMail } from '../../src/ports/mailer.js';
import type { TextRecords } from '../../src/ports/text-records.js';
import type { TokenIssuer } from '../../src/ports/token-issuer.js';
import { createAttemptCounters } from '../../src/storage/attempts.js';
import { createDirectory } from '../../src/storage/directory/index.js';
import { listKeptMail } from '../../src/storage/jobs/outbox.js';
import { createSigningKeyStore } from '../../src/storage/secrets/signing-key-store.js';
import { createTokenIssuer } from '../../src/tokens/issuer.js';
import { createKeyRules } from '../../src/tokens/key-rules.js';
import { type KeyRing, openKeyRing } from '../../src/tokens/signing-keys.js';
import { findDifferences, type Shape } from '../support/auth0-shape.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

export const ORIGIN = 'https://login.example';
/** Of the environment of this node. */
const VARIABLES: ManagementDeps['server']['variables'] = [
  { name: 'VESTIBULE_LOG_RETENTION_DAYS', value: 90 },
  { name: 'SMTP_URL', value: 'smtps://mail.example' },
  { name: 'VESTIBULE_METRICS_PORT', value: undefined },
  { name: 'DATABASE_URL', isSet: true },
];
/** The client that calls. */
export const CALLER = 'm2m';
/** The token of a caller with every scope. */
export const ALL = 'all';
/** The token of a person who asked for every scope at /authorize. */
export const OF_A_PERSON = 'all-of-a-person';

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers by path.
  readonly body: any;
  readonly headers: Readonly<Record<string, unknown>>;
}

export interface Management {
  readonly app: FastifyInstance;
  readonly database: TestDatabase;
  /** Mail in the outbox, the oldest first. */
  mail(): Promise<readonly OutgoingMail[]>;
  readonly deps: ManagementDeps;
  /** Seals what is in rows. */
  readonly rows: SecretBox;
  /** Runs that the runner was asked for, the oldest first. */
  readonly ran: readonly TriggerRun[];
  /** Sets the answer of identity providers from now on; until then nobody is there. */
  examine(answer: ManagementDeps['examine']): void;
  /** Sets the answer of name servers from now on; until then they know no name. */
  answerTexts(answer: TextRecords['find']): void;
  /** Of this server; its key is made when it is first asked for. */
  issuer(): Promise<TokenIssuer>;
  /** Moves the server's clock by seconds. */
  advance(seconds: number): void;
  /** Calls with every scope, or with `token`: scopes joined by `+`. */
  call(
    method: string,
    path: string,
    body?: unknown,
    token?: string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
  get(path: string, token?: string): Promise<Answer>;
  post(path: string, body?: unknown, token?: string): Promise<Answer>;
  patch(path: string, body?: unknown, token?: string): Promise<Answer>;
  put(path: string, body?: unknown, token?: string): Promise<Answer>;
  delete(path: string, body?: unknown, token?: string): Promise<Answer>;
  close(): Promise<void>;
}

interface Document {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { responses: Record<string, { content?: unknown }> }>>>
  >;
}

/** Checks an answer against the document: whole, except the properties that `fields` left out. */
function createContract(document: Document) {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'doc', ...document });
  const routes = Object.keys(document.paths).map((path) => ({
    path,
    // Fixed parts win over parameters, as in the router.
    weight: path.split('/').filter((part) => part.startsWith('{')).length,
    pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
  }));
  routes.sort((a, b) => a.weight - b.weight);
  return (method: string, url: string, answer: Answer) => {
    const plain = url.split('?')[0] ?? '';
    const route = routes.find(
      ({ path, pattern }) => pattern.test(plain) && document.paths[path]?.[method.toLowerCase()],
    );
    if (route === undefined) return expect([404, 400]).toContain(answer.status);
    const responses = document.paths[route.path]?.[method.toLowerCase()]?.responses ?? {};
    expect(Object.keys(responses), `${method} ${route.path} answered ${JSON.stringify(answer.body)}`).toContain(
      String(answer.status),
    );
    const response = responses[String(answer.status)] as { content?: { 'application/json': { schema: object } } };
    const schema = response.content?.['application/json'].schema;
    if (schema === undefined) return expect(answer.body).toBeUndefined();
    const chosen = /[?&]fields=/.test(url);
    const local = JSON.parse(
      JSON.stringify(schema).replaceAll('"#/components', '"doc#/components'),
      (keyword, value: unknown) => (chosen && keyword === 'required' ? undefined : value),
    ) as object;
    const validate = ajv.compile(local);
    expect(
      validate(answer.body),
      `${method} ${url}: ${JSON.stringify(validate.errors)} ${JSON.stringify(answer.body)}`,
    ).toBe(true);
    const undescribed = findDifferences(local as Shape, answer.body).filter(({ kind }) => kind === 'unknown');
    expect(undescribed, `${method} ${url} answers what its schema does not name`).toEqual([]);
  };
}

/** Replaces the runner: what it was asked to run is in `ran`, the answer is always the same. */
function createRecordingRunner() {
  const ran: TriggerRun[] = [];
  const run: ActionRunner['run'] = async (request) => {
    ran.push(request);
    const startedAt = Date.UTC(2026, 10, 25);
    const [action] = request.program.actions;
    const { actionId = '', versionId = '', name = '' } = action ?? {};
    const report = { actionId, versionId, name, startedAt, durationMs: 7, console: ['printed'], error: undefined };
    return { end: { kind: 'done' }, effects: [], reports: [report] };
  };
  return { ran, run };
}

/** Of packages, `auth0` and `lodash` are there. */
const checkDependencies: Parameters<typeof createActionCheck>[0] = (dependencies) =>
  Object.fromEntries(
    dependencies
      .filter(({ name }) => name !== 'auth0' && name !== 'lodash')
      .map(({ name }) => [name, `The package ${name} is not available: auth0, lodash are`]),
  );
/** One for all harnesses of a process: it starts with the first question. */
const CHECK_THREAD = createCheckThread();
const checkAction = createActionCheck(checkDependencies, CHECK_THREAD);

/** A body as it goes over the wire: a form, a text as it is, anything else as JSON. */
async function toPayload(body: unknown): Promise<{ headers: Record<string, string>; payload: string | Buffer }> {
  if (body instanceof FormData) {
    const form = new Response(body);
    const headers = { 'content-type': form.headers.get('content-type') ?? '' };
    return { headers, payload: Buffer.from(await form.arrayBuffer()) };
  }
  const payload = typeof body === 'string' ? body : JSON.stringify(body);
  return { headers: { 'content-type': 'application/json' }, payload };
}

/** The routes of the Management API alone. */
export const routesOf = (deps: ManagementDeps) => createManagement(deps, createOperations(deps)).routes;

export async function startManagement(
  explain: (query: ExplainQuestion) => Promise<Explanation> = async () => ({ error: 'connection_required' }),
): Promise<Management> {
  const database = await createTestDatabase();
  const key = randomBytes(32);
  let offset = 0;
  const rows = createSecretBox(key, 'rows', systemEntropy);
  const runner = createRecordingRunner();
  // Nothing is asked over the network here: a connector and real identity providers are in test/connectors and test/scenarios.
  let examine: ManagementDeps['examine'] = async ({ strategy }) =>
    strategy === 'auth0'
      ? undefined
      : { ok: false, reason: 'unreachable', check: 'discovery.network', detail: 'nobody is there' };
  const clock = { now: () => new Date(Date.now() + offset * 1000), monotonicMs: systemClock.monotonicMs };
  let find: TextRecords['find'] = async () => ({ kind: 'absent', reason: 'no_such_name' });
  let opening: Promise<KeyRing> | undefined;
  const ring = () => {
    opening ??= openKeyRing(createSigningKeyStore(database.pool, rows), clock, systemEntropy);
    return opening;
  };
  const issuer = async () =>
    createTokenIssuer({
      origin: ORIGIN,
      ring: await ring(),
      box: createSecretBox(Buffer.alloc(32, 4), 'access-tokens', systemEntropy),
      clock,
      entropy: systemEntropy,
    });
  const deps: ManagementDeps = {
    origin: ORIGIN,
    server: { version: '1.2.3', node: 'one', startedAt: new Date('2026-11-01T08:00:00Z'), variables: VARIABLES },
    directory: createDirectory(database.pool, rows),
    verifyAccessToken: async (token) => {
      if (token === 'bad') return undefined;
      const scopes = token.startsWith(ALL)
        ? MANAGEMENT_SCOPES
        : token.split('+').map((scope) => scope.replace('.', ':'));
      const subject = token === OF_A_PERSON ? 'auth0|5f7c8ec7c33c6c004bbafe82' : `${CALLER}@clients`;
      return { clientId: CALLER, subject, scopes: new Set(scopes), organizationId: undefined };
    },
    verifyIdToken: async (token) => (await issuer()).verifyIdTokenHint(token),
    passwords: { hash: async (password) => `hash-of-${password.length}` },
    onMailQueued: () => {},
    onImportQueued: () => {},
    signingKeys: createKeyRules({
      ring: { reload: async () => (await ring()).reload() },
      clock,
      entropy: systemEntropy,
      origin: ORIGIN,
    }),
    ticketBox: createSecretBox(key, 'tickets', systemEntropy),
    clock,
    entropy: systemEntropy,
    explain,
    explainPeople: (organizationId, questions) =>
      Promise.all(questions.map((question) => explain({ ...question, organizationId }))),
    strategies: STRATEGY_NAMES,
    examine: (connection) => examine(connection),
    makeConnectionKey: (algorithm) => makeConnectionKey(algorithm, 'login.example', clock, systemEntropy),
    checkAction,
    checkModule: createModuleCheck(checkDependencies, CHECK_THREAD),
    runAction: runner.run,
    checkMailWords: async (words) => checkOwnWords(words),
    textRecords: { find: (host) => find(host) },
    attempts: createAttemptCounters(database.pool),
  };
  await ensureSystemRows(deps.directory, deps, { id: CALLER, secret: 's3cret' });
  const app = Fastify(MANAGEMENT_SERVER_OPTIONS);
  await app.register(routesOf(deps), { prefix: '/api/v2' });
  const document = (await app.inject('/api/v2/openapi.json')).json() as Document;
  const checkContract = createContract(document);
  const call: Management['call'] = async (method, path, body, token = ALL, headers = {}) => {
    const sent = body === undefined ? undefined : await toPayload(body);
    const response = await app.inject({
      method: method as 'GET',
      url: `/api/v2${path}`,
      headers: { authorization: `Bearer ${token}`, ...headers, ...sent?.headers },
      ...(sent && { payload: sent.payload }),
    });
    const answer = {
      status: response.statusCode,
      body: response.body === '' ? undefined : response.json(),
      headers: response.headers,
    };
    expect(answer.status, `${method} ${path}: ${response.body}`).toBeLessThan(500);
    checkContract(method, path, answer);
    return answer;
  };
  return {
    app,
    database,
    rows,
    ran: runner.ran,
    issuer,
    examine: (answer) => {
      examine = answer;
    },
    answerTexts: (answer) => {
      find = answer;
    },
    mail: async () => (await listKeptMail(database.pool, rows)).map((kept) => kept.mail).reverse(),
    deps,
    call,
    advance: (seconds) => {
      offset += seconds;
    },
    get: (path, token) => call('GET', path, undefined, token),
    post: (path, body, token) => call('POST', path, body, token),
    patch: (path, body, token) => call('PATCH', path, body, token),
    put: (path, body, token) => call('PUT', path, body, token),
    delete: (path, body, token) => call('DELETE', path, body, token),
    async close() {
      await app.close();
      await database.drop();
    },
  };
}

export interface Cast {
  readonly databaseConnection: string;
  readonly oidcConnection: string;
  readonly client: string;
  readonly organization: string;
  readonly dana: string;
  readonly bob: string;
  readonly role: string;
}

/** An organization with a database and an OIDC connection, an application, two users (Dana a member), a role. */
export async function createCast(management: Management): Promise<Cast> {
  const post = async (path: string, body: unknown) => (await management.post(path, body)).body;
  const database = await post('/connections', { name: 'Username-Password', strategy: 'auth0' });
  const oidc = await post('/connections', {
    name: 'acme-oidc',
    strategy: 'oidc',
    options: {
      type: 'back_channel',
      discovery_url: 'https://idp.example/.well-known/openid-configuration',
      client_id: 'c',
      client_secret: 'hush',
      domain_aliases: ['acme.example'],
    },
  });
  const client = await post('/clients', {
    name: 'App',
    app_type: 'regular_web',
    callbacks: ['http://localhost:3300/callback'],
    initiate_login_uri: 'https://app.example/login',
    organization_usage: 'require',
  });
  const organization = await post('/organizations', {
    name: 'acme',
    display_name: 'Acme Inc',
    enabled_connections: [{ connection_id: database.id }],
  });
  await post(`/organizations/${organization.id}/enabled_connections`, { connection_id: oidc.id });
  const user = (name: string) =>
    post('/users', {
      email: `${name}@acme.example`,
      password: 'Correct-horse-9',
      connection: 'Username-Password',
      email_verified: true,
    });
  const dana = await user('dana');
  const bob = await user('bob');
  const role = await post('/roles', { name: 'admin', description: 'Administrators' });
  await management.post(`/organizations/${organization.id}/members`, { members: [dana.user_id] });
  return {
    databaseConnection: database.id,
    oidcConnection: oidc.id,
    client: client.client_id,
    organization: organization.id,
    dana: dana.user_id,
    bob: bob.user_id,
    role: role.id,
  };
}
