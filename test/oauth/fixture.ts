/**
 * The OAuth endpoints on a database of their own, with a small cast: a web application, a single-page one, a machine, an
 * organization whose member Dana came in by SSO. Time stands still until a test moves it.
 */
import { createHash } from 'node:crypto';
import Fastify, { type FastifyInstance, type LightMyRequestResponse } from 'fastify';
import { createFactorChecks } from '../../src/connectors/factors/checks.js';
import { oauthRoutes } from '../../src/http/oauth/routes.js';
import { createSecretGuesses } from '../../src/http/oauth/secret-guesses.js';
import type { Page } from '../../src/http/pages/models.js';
import { addSeconds, type Clock } from '../../src/kernel/clock.js';
import { systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox } from '../../src/kernel/seal.js';
import type { LogEntry } from '../../src/ports/ledger.js';
import type { OutgoingMail } from '../../src/ports/mailer.js';
import type { OpaqueTokens, TokenIssuer } from '../../src/ports/token-issuer.js';
import type { TokenStore } from '../../src/ports/token-store.js';
import { createAttemptCounters } from '../../src/storage/attempts.js';
import { createLoginStore } from '../../src/storage/login-store/index.js';
import { createSigningKeyStore } from '../../src/storage/secrets/signing-key-store.js';
import { createTokenStore } from '../../src/storage/token-store.js';
import { createFactorStore } from '../../src/storage/tokens/factors.js';
import { createTokenIssuer } from '../../src/tokens/issuer.js';
import { createOpaqueTokens } from '../../src/tokens/opaque.js';
import { openKeyRing } from '../../src/tokens/signing-keys.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type ScriptedActions, scriptedActions } from '../support/scripted-actions.js';

export const ORIGIN = 'https://login.example.test';
export const API = 'https://api.example.test';
export const SECRET = 'Sec%ret+with/odd:chars-and-32-characters-or-more';
export const CALLBACK = 'https://app.example.test/callback';
export const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
export const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');
export const DANA = 'auth0|dana';

export interface CodeOptions {
  readonly clientId?: string;
  readonly userId?: string;
  readonly scope?: string;
  readonly audience?: string | null;
  readonly organizationId?: string | null;
  readonly connectionId?: string;
  readonly codeChallenge?: string | null;
  readonly nonce?: string | null;
}

export interface Fixture {
  readonly app: FastifyInstance;
  readonly database: TestDatabase;
  readonly store: TokenStore;
  readonly issuer: TokenIssuer;
  readonly opaque: OpaqueTokens;
  /** Lines that were appended by themselves; those that rode in a statement are in the table. */
  readonly ledger: LogEntry[];
  /** Mails, the oldest first. */
  readonly mails: OutgoingMail[];
  readonly pages: Page[];
  /** What the tenant's code answers, where a test binds a trigger. */
  readonly actions: ScriptedActions;
  /** The session of "this browser". */
  browser: { userId: string; sessionId: string } | undefined;
  now(): Date;
  advance(seconds: number): void;
  /** From now on each look at the clock moves it on by so many milliseconds. */
  tick(ms: number): void;
  /** What the commit of a login writes. */
  seedCode(options?: CodeOptions): Promise<string>;
  post(path: string, form: Record<string, string>, headers?: Record<string, string>): Promise<LightMyRequestResponse>;
  /** Exchanges a fresh code of the web application and gives the answer's JSON. */
  signIn(options?: CodeOptions): Promise<Record<string, string>>;
  run(sql: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

const SEED = `
insert into clients (client_id, name, token_endpoint_auth_method, callbacks, allowed_logout_urls, web_origins, grant_types, created_at, updated_at)
values
  ('web', 'Web', 'client_secret_post', '{${CALLBACK}}', '{https://app.example.test/bye}', '{}', '{authorization_code,refresh_token}', now(), now()),
  ('web2', 'Another', 'client_secret_basic', '{${CALLBACK}}', '{https://other.example.test/bye}', '{}', '{authorization_code,refresh_token}', now(), now()),
  ('spa', 'Single page', 'none', '{https://spa.example.test/cb,${CALLBACK}}', '{}', '{https://spa2.example.test}', '{authorization_code,refresh_token}', now(), now()),
  ('machine', 'Machine', 'client_secret_post', '{}', '{}', '{}', '{client_credentials}', now(), now());
update clients set organization_usage = 'allow' where client_id <> 'machine';
insert into resource_servers (id, identifier, name, token_lifetime_seconds, allow_offline_access, created_at)
values ('rs_1', '${API}', 'API', 600, true, now()), ('rs_2', 'urn:online', 'Online only', 600, false, now()),
  ('rs_3', 'urn:tenant', 'With organizations', 600, false, now());
update resource_servers set scopes = '[{"value": "read:things"}, {"value": "write:things"}]' where id in ('rs_1', 'rs_3');
insert into client_grants (client_id, audience, id, scopes, organization_usage, allow_any_organization, created_at)
values ('machine', '${API}', 'cgr_1', '{read:things,write:things}', null, false, now()),
  ('machine', 'urn:tenant', 'cgr_2', '{read:things}', 'allow', true, now());
insert into connections (id, name, strategy, revision, created_at, updated_at)
values ('con_pw', 'Username-Password-Authentication', 'auth0', 'r', now(), now()), ('con_acme', 'acme-oidc', 'oidc', 'r', now(), now());
insert into connection_clients (connection_id, client_id) values ('con_pw', 'web'), ('con_pw', 'spa'), ('con_acme', 'spa');
insert into organizations (id, name, created_at, updated_at) values ('org_acme', 'acme', now(), now()), ('org_beta', 'beta', now(), now());
insert into organization_connections (organization_id, connection_id, revision, created_at) values ('org_acme', 'con_acme', 'r', now());
insert into users (user_id, email, email_vouched_by, name, given_name, family_name, nickname, picture, created_at, updated_at)
values ('${DANA}', 'dana@acme.example', 'mail', 'Dana Doe', 'Dana', 'Doe', 'dana', 'https://img.example/dana.png', now(), '2026-11-01T08:00:00Z');
insert into identities (user_id, id, connection_id, status, issuer, subject, created_at)
values ('${DANA}', 'i1', 'con_acme', 'bound', 'https://idp.acme.example', 'dana', now());
insert into members (organization_id, user_id, via, created_at) values ('org_acme', '${DANA}', 'invited', now());
`;

async function seed(database: TestDatabase, rows: ReturnType<typeof createSecretBox>): Promise<void> {
  await database.pool.query(SEED);
  for (const clientId of ['web', 'web2', 'machine'])
    await database.pool.query('update clients set secret_sealed = $2 where client_id = $1', [
      clientId,
      rows.seal(SECRET, `clients:${clientId}:secret`),
    ]);
}

/** Everything above, ready to be asked. */
export async function createFixture(): Promise<Fixture> {
  const database = await createTestDatabase();
  const masterKey = Buffer.alloc(32, 3);
  const rows = createSecretBox(masterKey, 'rows', systemEntropy);
  await seed(database, rows);
  let nowMs = Date.parse('2026-11-25T12:00:00Z');
  let tickMs = 0;
  const now = () => {
    nowMs += tickMs;
    return new Date(nowMs);
  };
  const clock: Clock = { now, monotonicMs: () => nowMs };
  const ring = await openKeyRing(createSigningKeyStore(database.pool, rows), clock, systemEntropy);
  const issuer = createTokenIssuer({
    origin: ORIGIN,
    ring,
    box: createSecretBox(masterKey, 'access-tokens', systemEntropy),
    clock,
    entropy: systemEntropy,
  });
  const opaque = createOpaqueTokens(createSecretBox(masterKey, 'tokens', systemEntropy), systemEntropy);
  const store = createTokenStore(database.pool, rows);
  const ledger: LogEntry[] = [];
  const mails: OutgoingMail[] = [];
  const pages: Page[] = [];
  const actions = scriptedActions();
  const app = Fastify();

  const fixture: Fixture = {
    app,
    database,
    store,
    issuer,
    opaque,
    ledger,
    mails,
    pages,
    actions,
    browser: undefined,
    now: () => clock.now(),
    advance: (seconds) => {
      nowMs += seconds * 1000;
    },
    tick: (ms) => {
      tickMs = ms;
    },
    async seedCode(options = {}) {
      const userId = options.userId ?? DANA;
      const { code, codeHash } = opaque.newCode(userId);
      const pick = <T>(value: T | undefined, fallback: T) => (value === undefined ? fallback : value);
      await database.pool.query(
        `insert into authorization_codes (user_id, code_hash, client_id, organization_id, session_id, redirect_uri, scope,
           audience, nonce, code_challenge, authenticated_at, connection_id, created_at, expires_at, family_id)
         values ($1, $2, $3, $4, 'ses_1', $5, $6, $7, $8, $9, $10, $11, $10, $12, $13)`,
        [
          userId,
          codeHash,
          options.clientId ?? 'web',
          pick(options.organizationId, 'org_acme'),
          CALLBACK,
          options.scope ?? 'openid profile email offline_access',
          pick(options.audience, null),
          pick(options.nonce, 'n-0S6_WzA2Mj'),
          pick(options.codeChallenge, CHALLENGE),
          clock.now(),
          options.connectionId ?? 'con_acme',
          addSeconds(clock.now(), 60),
          `fam_${codeHash.toString('hex').slice(0, 12)}`,
        ],
      );
      return code;
    },
    post: (path, form, headers = {}) =>
      app.inject({
        method: 'POST',
        url: path,
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        payload: new URLSearchParams(form).toString(),
      }),
    async signIn(options = {}) {
      const response = await fixture.post('/oauth/token', {
        grant_type: 'authorization_code',
        client_id: options.clientId ?? 'web',
        ...((options.clientId ?? 'web') === 'spa' ? {} : { client_secret: SECRET }),
        code: await fixture.seedCode(options),
        code_verifier: VERIFIER,
        redirect_uri: CALLBACK,
      });
      if (response.statusCode !== 200) throw new Error(`sign-in answered ${response.statusCode} ${response.body}`);
      return response.json();
    },
    async run(sql, values = []) {
      return (await database.pool.query(sql, values)).rows;
    },
    async stop() {
      await app.close();
      await database.drop();
    },
  };
  await app.register(
    oauthRoutes({
      origin: ORIGIN,
      store,
      issuer,
      opaque,
      ledger: { append: async (entry) => void ledger.push(entry) },
      secretGuesses: createSecretGuesses({ attempts: createAttemptCounters(database.pool), clock }),
      attempts: createAttemptCounters(database.pool),
      factors: createFactorStore(database.pool, rows),
      reads: createLoginStore(database.pool, rows, ['auth0', 'oidc', 'okta'], clock).reads,
      factorChecks: createFactorChecks({ party: { id: 'login.example.test', origin: ORIGIN }, entropy: systemEntropy }),
      factorBox: createSecretBox(masterKey, 'factors', systemEntropy),
      ticketBox: createSecretBox(masterKey, 'tickets', systemEntropy),
      outbox: {
        enqueueLogged: async (mail, log) => {
          mails.push(mail);
          ledger.push(...log);
        },
      },
      clock,
      entropy: systemEntropy,
      act: { reads: createLoginStore(database.pool, rows, ['auth0', 'oidc', 'okta'], clock).reads, actions },
      refused: { forget: async () => undefined },
      remembered: { forget: async () => undefined },
      federated: { start: async () => undefined },
      session: {
        find: async () => fixture.browser,
        end: async () => {
          fixture.browser = undefined;
        },
      },
      sendPage: (reply, page, _place, status = 200) => {
        pages.push(page);
        return reply.code(status).type('text/html; charset=utf-8').send(page.page);
      },
    }),
  );
  return fixture;
}
