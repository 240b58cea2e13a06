/**
 * The secret key and the signing key are changed in the order of docs/operations.md while people sign in: on two nodes behind a balancer
 * that gives every request to the other one. Every kind of sealed value is there before, and opens at each step. A kind that is
 * new and not listed here fails.
 */
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox } from '../../src/kernel/seal.js';
import { openFactorSecret } from '../../src/storage/factor-secrets.js';
import { openJob, sealJobEvent } from '../../src/storage/jobs/action-jobs.js';
import { openImportFile, sealImportFile } from '../../src/storage/jobs/user-imports.js';
import { createConnectionKeys } from '../../src/storage/secrets/connection-keys.js';
import { SEALED_COLUMNS } from '../../src/storage/secrets/sealed-columns.js';
import { runVestibule } from '../cli/run-vestibule.js';
import { createModule, useActions } from '../support/actions.js';
import { type Balancer, startBalancer } from '../support/balancer.js';
import { CALLBACK, type Cast, createCast, type Invitation, PASSWORD, Visitor } from '../support/cast.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { HttpBrowser, type Visit } from '../support/http-browser.js';
import { createImporter, type Importer } from '../support/import-users.js';
import { type Instance, type Json, MANAGEMENT_CLIENT, startInstance } from '../support/instance.js';
import { readSources, readText } from '../support/source-files.js';
import { answerOf } from '../support/stage.js';

/** Files that seal, and how this file covers each: as a column, or as something that somebody holds. */
const SEALERS: Readonly<Record<string, string>> = {
  'src/domain/ticket.ts': 'the seal of a mailed link: an invitation opened after the change',
  'src/http/browser/devices.ts': 'the cookie of a known device: in the browser of the session',
  'src/http/browser/session-cookie.ts': 'the cookie of a session: silent login',
  'src/http/browser/transactions.ts': 'the account in an unfinished login: finished after the change',
  'src/http/browser/unfinished.ts':
    'the cookies of an unfinished login: finished after the change. Of a try of a set-up: begun again. Of a logout at the identity provider: without it the person is signed out here, and is told so',
  'src/http/dbconnections/link.ts': 'the link of a sign-up by a program: opened after the change',
  'src/http/login/mail-links/mailed-ticket.ts': 'a link that sets a password or lifts a block: opened after the change',
  'src/http/oauth/factors/factor-token.ts': 'an mfa_token, good for ten minutes: the next refresh gives another one',
  'src/http/oauth/factors/further-address.ts': 'the code for an address that is being added: asked for again',
  'src/http/oauth/factors/out-of-band.ts': 'a code by mail, good for five minutes: asked for again',
  'src/management/my-account/password.ts': 'a change of the password by the My Account API: begun again',
  'src/management/my-account/sealed-enrolment.ts': 'a factor that is being set up at the account page: begun again',
  'src/management/operators/first.ts': 'the link of the first owner: the next start prints another one',
  'src/management/users/tickets.ts': 'a link that sets a password: opened after the change',
  'src/management/users/user-export-link.ts': 'the link to an export, good for a minute: asked for again',
  'src/ports/seen-question.ts': 'a question of the doctor, answered at once: asked again',
  'src/storage/secrets/action-secrets.ts':
    'actions.secrets_sealed, action_versions.secrets_sealed, action_modules.secrets_sealed, action_module_versions.secrets_sealed',
  'src/storage/secrets/connection-keys.ts': 'connection_keys.private_key_sealed',
  'src/storage/cookie-overflow.ts': 'cookie_overflow.content_sealed',
  'src/storage/directory/clients/clients.ts': 'clients.secret_sealed',
  'src/storage/directory/connections.ts': 'connections.secrets_sealed',
  'src/storage/directory/tenant/emails.ts': 'email_provider.password_sealed',
  'src/storage/directory/organizations/invitations.ts': 'invitations.ticket_sealed',
  'src/storage/directory/organizations/self-service.ts': 'connection_setups.candidate_sealed',
  'src/storage/directory/people/user-imports.ts': 'user_import_errors.entry_sealed',
  'src/storage/factor-secrets.ts': 'factors.secret_sealed',
  'src/storage/jobs/action-jobs.ts': 'action_jobs.event_sealed',
  'src/storage/jobs/log-streams.ts': 'log_streams.secrets_sealed',
  'src/storage/jobs/outbox.ts': 'outbox.body_sealed',
  'src/storage/jobs/user-imports.ts': 'user_import_jobs.file_sealed',
  'src/storage/login-store/commit-parts.ts': 'outbox.body_sealed',
  'src/storage/secrets/sealed-columns.ts': 'what is sealed anew',
  'src/storage/secrets/service-provider-keys.ts': 'service_provider_keys.private_key_sealed',
  'src/storage/secrets/signing-key-store.ts': 'signing_keys.private_key_sealed',
  'src/tokens/opaque.ts': 'codes and refresh tokens: redeemed after the change',
};

describe('what is sealed', () => {
  test('case=every column of the schema is among those that are sealed anew, with its primary key', () => {
    const schema = readText('sql/schema.sql');
    const found = [...schema.matchAll(/create table (\w+) \(([\s\S]*?)\n\);/g)].flatMap(([, table = '', body = '']) =>
      [...body.matchAll(/^ {2}(\w+_sealed) bytea/gm)].map(([, column = '']) => ({
        table,
        column,
        key: (/PRIMARY KEY \(([^)]*)\)/.exec(body)?.[1] ?? '').replaceAll('"', '').split(', '),
      })),
    );
    const known = SEALED_COLUMNS.map(({ table, column, key }) => ({ table, column, key: [...key] }));
    expect(known, 'add it to SEALED_COLUMNS, or it is lost with the former key').toEqual(found);
  });

  test('case=every place that seals is covered by this file', () => {
    const files = readSources('src').filter(
      ({ path, text }) => path !== 'src/kernel/seal.ts' && /\.seal\(|\bsealToken\(/.test(text),
    );
    expect(
      files.map(({ path }) => path).sort(),
      'say in SEALERS how a changed key is survived, and test it below',
    ).toEqual(Object.keys(SEALERS).sort());
  });
});

const OLD = Buffer.alloc(32, 1).toString('base64');
const NEW = Buffer.alloc(32, 2).toString('base64');
const MESSAGE = 'the word of the Action';
const FACTOR = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const ACTION = `exports.onExecutePostLogin = async (event, api) => {
  const { word } = require('actions:word');
  api.idToken.setCustomClaim('https://word.example/said', word === event.secrets.word ? word : 'two words');
};`;
/** The context of the service provider's key. */
const SERVICE_PROVIDER = 'service_provider_keys:saml:private';
const rowsBox = (key: string) => createSecretBox(Buffer.from(key, 'base64'), 'rows', systemEntropy);

describe('the secret key is changed while people sign in', () => {
  let database: TestDatabase;
  let balancer: Balancer;
  let origin: string;
  let first: Instance;
  let cast: Cast;
  let importer: Importer;
  /** A connection that signs at its provider. */
  let keyedId: string;
  /** A person with an authenticator app. */
  let danaId: string;
  /** An application where people sign up without an organization. */
  let openClientId: string;
  const nodes: Instance[] = [];

  /** A node on the common database. Its connections are not kept, so the balancer takes turns with every request. */
  async function startNode(key: string, former: string): Promise<Instance> {
    const node = await startInstance({
      database,
      environment: { VESTIBULE_URL: origin, VESTIBULE_SECRET_KEY: key, VESTIBULE_SECRET_KEY_FORMER: former },
      onApp: (app) => {
        app.addHook('onSend', async (_request, reply) => {
          reply.header('connection', 'close');
        });
      },
    });
    nodes.push(node);
    return node;
  }
  const direct = (...these: Instance[]) => balancer.direct(these.map(({ server }) => server.port));
  async function stop(node: Instance): Promise<void> {
    nodes.splice(nodes.indexOf(node), 1);
    await node.stop();
  }
  const keys = (key: string, former: string, ...args: string[]) =>
    runVestibule(['keys', ...args], {
      DATABASE_URL: database.url,
      VESTIBULE_SECRET_KEY: key,
      ...(former !== '' && { VESTIBULE_SECRET_KEY_FORMER: former }),
    });

  beforeAll(async () => {
    database = await createTestDatabase();
    balancer = await startBalancer();
    origin = `http://localhost:${balancer.port}`;
    first = await startNode(OLD, '');
    direct(first);
    // Whichever node is there by then.
    cast = await createCast({ ...first, mail: async () => (await nodes.at(-1)?.mail()) ?? [] });
    const word = { name: 'word', code: 'exports.word = actions.secrets.word;' };
    const modules = [await createModule(first, { ...word, secrets: [{ name: 'word', value: MESSAGE }] })];
    await useActions(first, 'post-login', { name: 'says', code: ACTION, secrets: { word: MESSAGE }, modules });
    await first.api('PATCH', `/connections/${cast.databaseId}`, { options: { disable_signup: false } });
    const open = { name: 'Open to all', callbacks: [CALLBACK], organization_usage: 'allow' };
    openClientId = String((await first.api('POST', '/clients', open)).client_id);
    const enabled = [{ client_id: openClientId, status: true }];
    await first.api('PATCH', `/connections/${cast.databaseId}/clients`, enabled);
    for (const name of ['dana', 'erin', 'frank', 'gina']) await cast.createMember(`${name}@acme.example`);
    importer = await createImporter(origin, cast.databaseId);
    const rows = rowsBox(OLD);
    const job = {
      id: 'aj_1',
      trigger: 'post-user-registration' as const,
      organizationId: undefined,
      event: { said: MESSAGE },
    };
    await database.pool.query(
      `insert into action_jobs (id, trigger, event_sealed, created_at, next_attempt_at) values ($1, $2, $3, now(), 'infinity')`,
      [job.id, job.trigger, sealJobEvent(rows, job)],
    );
    await database.pool.query(
      `insert into user_import_jobs (id, connection_id, upsert, client_id, status, file_sealed, created_at, next_attempt_at)
       values ('job_waiting', $1, false, $2, 'pending', $3, now(), 'infinity')`,
      [cast.databaseId, cast.client.id, sealImportFile(rows, 'job_waiting', Buffer.from(MESSAGE))],
    );
    await database.pool.query(
      `insert into service_provider_keys (id, certificate, private_key_sealed, created_at) values ('saml', '', $1, now())`,
      [rows.seal(MESSAGE, SERVICE_PROVIDER)],
    );
    await first.api('POST', '/emails/provider', {
      ...{ name: 'smtp', enabled: false, credentials: { smtp_host: '127.0.0.1', smtp_user: 'u', smtp_pass: MESSAGE } },
    });
    const withKey = { issuer: 'https://127.0.0.1:9/', client_id: 'c', token_endpoint_auth_signing_alg: 'ES256' };
    const keyed = await first.api<{ id: string }>('POST', '/connections?check_discovery=false', {
      ...{ name: 'keyed', strategy: 'oidc', options: { ...withKey, token_endpoint_auth_method: 'private_key_jwt' } },
    });
    keyedId = keyed.id;
    await first.api('POST', '/log-streams', {
      ...{ type: 'http', sink: { httpEndpoint: 'https://127.0.0.1:9/', httpAuthorization: MESSAGE } },
    });
    const [dana] = await first.api<Json[]>('GET', '/users-by-email?email=dana%40acme.example');
    danaId = String(dana?.user_id);
    const methods = `/users/${encodeURIComponent(danaId)}/authentication-methods`;
    await first.api('POST', methods, { type: 'totp', totp_secret: FACTOR });
    await setUp();
  }, 120_000);

  const admin = new HttpBrowser('http://127.0.0.1:9/');
  /** A customer's administrator types the settings of their provider. */
  async function setUp(): Promise<void> {
    const { id } = await first.api('POST', '/self-service-profiles', { name: 'customers' });
    const { ticket } = await first.api<{ ticket: string }>('POST', `/self-service-profiles/${id}/sso-ticket`, {
      connection_config: { name: 'own' },
      enabled_organizations: [{ organization_id: cast.acme.id }],
      domain_aliases_config: { domain_verification: 'none' },
    });
    const { issuer, clientId, clientSecret } = cast.idp;
    const send = (step: string, fields: Record<string, string>) =>
      admin.visit(`${origin}/self-service/setup/${step}`, { method: 'POST', body: new URLSearchParams(fields) });
    await admin.visit(ticket);
    await send('provider', { provider: 'oidc' });
    await send('connection', { discovery_url: issuer, client_id: clientId, client_secret: clientSecret });
  }

  afterAll(async () => {
    for (const node of nodes) await node.stop();
    await cast?.stop();
    await balancer?.stop();
    await database?.drop();
  });

  /** Held by people and applications, made under one key. */
  interface Held {
    readonly dana: Visitor;
    readonly refreshToken: string;
    readonly accessToken: string;
    readonly erin: Visitor;
    readonly code: Visit;
    readonly frank: Visitor;
    readonly passwordPage: Visit;
    readonly invitation: Invitation;
    readonly waiting: Invitation;
    readonly ticket: string;
    readonly signUp: string;
    readonly failedImport: string;
  }
  /** Signs up by a program, and finds the link in the mail. */
  async function signUp(email: string): Promise<string> {
    const { name } = await first.api<{ name: string }>('GET', `/connections/${cast.databaseId}`);
    const response = await fetch(`${origin}/dbconnections/signup`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: openClientId, connection: name, email, password: PASSWORD }),
    });
    expect(response.status, await response.text()).toBe(200);
    const findMail = async () => (await nodes.at(-1)?.mail())?.find(({ mail }) => mail.to === email);
    await expect.poll(findMail, { timeout: 20_000 }).toBeDefined();
    return String((await findMail())?.mail.model.url);
  }
  async function hold(name: string): Promise<Held> {
    const [dana, erin, frank] = [new Visitor(cast), new Visitor(cast), new Visitor(cast)];
    const { refreshToken, accessToken } = await dana.redeem(await dana.withPassword('dana@acme.example'));
    const code = await erin.withPassword('erin@acme.example');
    // Too long for cookies: sealed in a row as well, which stays where the login is left.
    const long = { state: systemEntropy.bytes(3_000).toString('base64url') };
    await new Visitor(cast).open(long);
    const passwordPage = await frank.type(await frank.open(long), 'frank@acme.example', 'password');
    const invitation = await cast.invite(`${name}@acme.example`);
    const waiting = await cast.invite(`${name}-later@acme.example`);
    const gina = await first.api<Json[]>('GET', '/users-by-email?email=gina%40acme.example');
    const ticket = await first.api<{ ticket: string }>('POST', '/tickets/password-change', {
      user_id: gina[0]?.user_id,
    });
    const failedImport = await importer.start([{ email: `no address of ${name}` }]);
    await importer.untilEnded(failedImport);
    return {
      dana,
      refreshToken,
      accessToken,
      erin,
      code,
      frank,
      passwordPage,
      invitation,
      waiting,
      ticket: ticket.ticket,
      signUp: await signUp(`${name}-new@plain.example`),
      failedImport,
    };
  }
  async function refresh(refreshToken: string): Promise<number> {
    const response = await fetch(`${origin}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
        client_id: cast.client.id,
        client_secret: cast.client.secret,
      }),
    });
    await response.arrayBuffer();
    return response.status;
  }
  /** Everything that was given out before is good. */
  async function expectHeldGood(held: Held, name: string): Promise<void> {
    expect(answerOf(await held.dana.open({ prompt: 'none' })).code, 'session').toBeDefined();
    expect(await refresh(held.refreshToken), 'refresh token').toBe(200);
    const asked = await fetch(`${origin}/userinfo`, { headers: { authorization: `Bearer ${held.accessToken}` } });
    expect(asked.status, 'access token').toBe(200);
    expect((await held.erin.redeem(held.code)).claims['https://word.example/said'], 'code').toBe(MESSAGE);
    const done = await held.frank.browser.submit(held.passwordPage, { password: PASSWORD });
    expect(answerOf(done).code, 'unfinished login').toBeDefined();
    const page = await new Visitor(cast).browser.visit(held.ticket);
    expect(page.status, 'link that sets a password').toBe(200);
    const opened = await new Visitor(cast).browser.visit(held.signUp);
    expect(opened.text, 'link of a sign-up').toContain('new-password');
    cast.people[name] = { sub: `idp-${name}`, email: `${name}@acme.example`, email_verified: true };
    const guest = new Visitor(cast);
    const accepted = await guest.signInAtIdp(await guest.accept(held.invitation), name);
    expect((await guest.redeem(accepted)).claims.org_id, 'link of an invitation').toBe(cast.acme.id);
  }
  /** Expects stored data to open: secrets of applications, connections and Actions, links, mails, imports, keys that sign. */
  async function expectStoredGood(held: Held, name: string): Promise<void> {
    cast.people[name] = { sub: `idp-${name}`, email: `${name}@acme.example`, email_verified: true };
    await cast.createMember(`${name}@acme.example`);
    const visitor = new Visitor(cast);
    const { claims, idToken } = await visitor.redeem(await visitor.throughSso(name, `${name}@acme.example`));
    expect(claims['https://word.example/said'], 'secret of the Action').toBe(MESSAGE);
    const set = (await (await fetch(`${origin}/.well-known/jwks.json`)).json()) as JSONWebKeySet;
    await jwtVerify(idToken, createLocalJWKSet(set));
    const again = await first.api<{ invitation_url: string }>(
      'GET',
      `/organizations/${cast.acme.id}/invitations/${held.waiting.id}`,
    );
    expect(again.invitation_url, 'invitation').toBe(held.waiting.url);
    expect(JSON.stringify(await importer.errors(held.failedImport)), 'import').toContain('no address of');
  }
  async function expectEachColumn(outcome: { stdout: string; stderr: string; code: number | null }): Promise<void> {
    expect(outcome.code, outcome.stderr).toBe(0);
    const { sealed } = JSON.parse(outcome.stdout) as { sealed: (Json & { current: number })[] };
    expect(sealed.map(({ table, column }) => `${table}.${column}`)).toEqual(
      SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`),
    );
    for (const tally of sealed) {
      expect(tally, 'each kind is there').toMatchObject({ former: 0, lost: 0 });
      expect(tally.current, `${tally.table}.${tally.column}`).toBeGreaterThan(0);
    }
  }

  test('case=in the order of the runbook, each kind of sealed value opens at every step', async () => {
    // Step 1: every node learns the new key, and seals with the old one. Then, one by one, the other way round.
    const before = await hold('uma');
    const old = await startNode(OLD, NEW);
    const fresh = await startNode(NEW, OLD);
    direct(old, fresh);
    await stop(first);
    await expectHeldGood(before, 'uma');
    await expectStoredGood(before, 'vera');
    // Either node accepts what the other one gives out now: requests go to them in turns.
    const between = await hold('wanda');
    await expectHeldGood(between, 'wanda');

    // Step 3, with both nodes up; a node in the old order may write with the old key meanwhile.
    await expectEachColumn(await keys(NEW, OLD, 'reseal', '--json'));
    direct(old);
    const late = await hold('xenia');
    const listed = await keys(NEW, OLD, 'list', '--json');
    expect(listed.code, 'the invitation of the node in the old order').toBe(1);
    await stop(old);
    direct(fresh);
    await expectEachColumn(await keys(NEW, OLD, 'reseal', '--json'));
    expect((await keys(NEW, OLD, 'list')).stderr).toContain('until 20');

    // The end: nobody has the former key. Stored data opens, and tokens and links made under the new key are good.
    const last = await startNode(NEW, '');
    const after = await hold('yvonne');
    direct(last);
    await stop(fresh);
    await expectHeldGood(after, 'yvonne');
    await expectStoredGood(late, 'zoe');
    const [job] = (await database.pool.query(`select * from action_jobs where id = 'aj_1'`)).rows;
    expect(openJob(rowsBox(NEW), job)?.event).toEqual({ said: MESSAGE });
    const [waiting] = (await database.pool.query(`select file_sealed from user_import_jobs where id = 'job_waiting'`))
      .rows;
    expect(openImportFile(rowsBox(NEW), 'job_waiting', waiting.file_sealed)?.toString()).toBe(MESSAGE);
    const [factor] = (await database.pool.query('select id, secret_sealed from factors')).rows;
    expect(openFactorSecret(rowsBox(NEW), danaId, factor.id, factor.secret_sealed)).toBe(FACTOR);
    const [mailServer] = (await database.pool.query('select password_sealed from email_provider')).rows;
    expect(rowsBox(NEW).open(mailServer.password_sealed, 'email_provider:password')).toBe(MESSAGE);
    const [{ id }] = await first.api<[{ id: string }]>('GET', '/log-streams');
    expect((await first.api<{ sink: Json }>('GET', `/log-streams/${id}`)).sink.httpAuthorization).toBe(MESSAGE);
    const [provider] = (await database.pool.query('select private_key_sealed from service_provider_keys')).rows;
    expect(rowsBox(NEW).open(provider.private_key_sealed, SERVICE_PROVIDER)).toBe(MESSAGE);
    expect(await createConnectionKeys(database.pool, rowsBox(NEW)).findCurrent(keyedId)).toMatchObject({
      privatePem: expect.stringContaining('PRIVATE KEY'),
    });
    const typed = await admin.visit(`${origin}/self-service/setup/connection`);
    expect(typed.text, 'settings of a set-up').toContain(`value="${cast.idp.clientId}"`);
    // All mails ever kept, those of the first key too.
    expect((await last.mail()).length).toBeGreaterThanOrEqual(4);
    const { secret } = MANAGEMENT_CLIENT;
    const client = await first.api<Json>('GET', `/clients/${MANAGEMENT_CLIENT.id}`);
    expect(client.client_secret).toBe(secret);
    // And what was only held under the old key is over, as the runbook says.
    expect(answerOf(await before.dana.open({ prompt: 'none' })).error).toBe('login_required');
    expect(await refresh(between.refreshToken)).not.toBe(500);
  }, 180_000);

  test('case=with a wrong former key it is said what does not open, and nothing is changed', async () => {
    const { rows: before } = await database.pool.query('select id, secrets_sealed from connections order by id');
    const other = Buffer.alloc(32, 9).toString('base64');
    const outcome = await keys(other, '', 'reseal');
    expect(outcome.code).not.toBe(0);
    expect(outcome.stderr).toContain('open with no key');
    expect((await database.pool.query('select id, secrets_sealed from connections order by id')).rows).toEqual(before);
    expect(outcome.stdout + outcome.stderr).not.toContain(other);
  });
});
