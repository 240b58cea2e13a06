/**
 * Starts the server that the judges test: complete, on a database of its own, set up through its Management API as by
 * an operator. Its tenant has the cast of the stories; the judges add companies. Leaves nothing.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { findFreePort } from '../../bench/processes.js';
import { startServer } from '../../src/compose/server.js';
import { parseConfig } from '../../src/config/config.js';
import { CALLBACK, type Entrance, readMailedTicket, Visitor } from '../../test/support/cast.js';
import { diffSnapshots, type Snapshot, snapshotTables } from '../../test/support/database.js';
import { ALWAYS_LEFT, LEFT_BY_SECRETS } from '../../test/support/nothing-left.js';
import { reapAfterUs } from '../../test/support/reaper.js';
import { startTextNameServer, type TextNameServer } from '../../test/support/text-name-server.js';
import { PASSWORD } from './keycloak-realm.js';
import type { Json } from './keycloak-server.js';

const MACHINE = { client_id: 'judge', client_secret: 'judge-secret-of-a-local-run' };

/**
 * Address to which the application sends people after they signed out. A sign-out ends there, as a sign-in ends at the
 * callback.
 */
export const BYE = `${CALLBACK}/bye`;

export interface LogLine {
  readonly log_id: string;
  readonly type: string;
  readonly description?: string;
  readonly details: Json & { readonly trace?: readonly { readonly rule: string; readonly evidence: Json }[] };
}

export interface Vestibule {
  readonly origin: string;
  /** The name server that the server uses. */
  readonly names: TextNameServer;
  /** Client id of the application. */
  readonly clientId: string;
  readonly databaseId: string;
  readonly roleId: string;
  /** Calls the Management API; throws for anything but 2xx. */
  api<T = Json>(method: string, path: string, body?: unknown): Promise<T>;
  /** Returns a new browser of a person who wants to sign in to this organization. */
  visitor(organizationId: string): Visitor<Entrance>;
  snapshot(): Promise<Snapshot>;
  /** Throws if anything except a log line is left since `before`. `secret` also permits counters and mails. */
  expectNothingLeft(before: Snapshot, involved?: 'identity' | 'secret'): Promise<void>;
  /** Newest first. */
  logs(): Promise<readonly LogLine[]>;
  /** Creates a person with a password, and makes them a member of the named organizations. Returns the user id. */
  createUser(email: string, organizations?: readonly string[]): Promise<string>;
  /** The code that was mailed to the address last. */
  mailedCode(email: string): Promise<string>;
  invite(company: { readonly id: string; readonly connectionId: string }, email: string): Promise<Invitation>;
  stop(): Promise<void>;
}

type Invitation = Parameters<Visitor['accept']>[0];

function createApi(origin: string): Vestibule['api'] {
  let token: string | undefined;
  const fetchToken = async () => {
    const body = { grant_type: 'client_credentials', audience: `${origin}/api/v2/`, ...MACHINE };
    const response = await fetch(`${origin}/oauth/token`, { method: 'POST', body: new URLSearchParams(body) });
    return ((await response.json()) as { access_token: string }).access_token;
  };
  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    token ??= await fetchToken();
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const headers = { authorization: `Bearer ${token}`, ...type };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${origin}/api/v2${path}`, { method, headers, ...sent });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
}

async function createTenant(api: Vestibule['api']) {
  const database = await api('POST', '/connections', { name: 'Username-Password-Authentication', strategy: 'auth0' });
  const client = await api('POST', '/clients', {
    name: 'Notebook',
    app_type: 'regular_web',
    callbacks: [CALLBACK],
    allowed_logout_urls: [BYE],
    initiate_login_uri: 'https://127.0.0.1:9/login',
    organization_usage: 'require',
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'client_secret_post',
  });
  const id = String(client.client_id);
  await api('PATCH', `/connections/${database.id}/clients`, [{ client_id: id, status: true }]);
  const role = await api('POST', '/roles', { name: 'editor', description: 'May edit' });
  return {
    databaseId: String(database.id),
    roleId: String(role.id),
    client: { id, secret: String(client.client_secret) },
  };
}

async function start(environment: Readonly<Record<string, string>>) {
  const work = mkdtempSync(join(tmpdir(), 'vestibule-judge-'));
  const dataDir = join(work, 'data');
  const over = reapAfterUs({ dataDir });
  const names = await startTextNameServer();
  const config = parseConfig({
    PORT: String(await findFreePort()),
    VESTIBULE_DATA_DIR: dataDir,
    VESTIBULE_MANAGEMENT_CLIENT_ID: MACHINE.client_id,
    VESTIBULE_MANAGEMENT_CLIENT_SECRET: MACHINE.client_secret,
    VESTIBULE_OUTBOUND_ALLOW: '127.0.0.0/8,::1',
    VESTIBULE_DNS_SERVERS: names.address,
    VESTIBULE_LOG_LEVEL: process.env.JUDGE_LOG_LEVEL ?? 'fatal',
    ...environment,
  });
  const server = await startServer(config, { logger: pino({ level: config.logLevel }), passwordRefusalFloorMs: 0 });
  const stop = async () => {
    await server.close();
    await names.stop();
    rmSync(work, { recursive: true, force: true });
    over();
  };
  return { server, names, stop };
}

/**
 * Starts the server and creates its tenant: an application, a database of passwords, a role. `environment` adds to its
 * configuration.
 */
export async function startVestibule(environment: Readonly<Record<string, string>> = {}): Promise<Vestibule> {
  const { server, names, stop } = await start(environment);
  const { origin } = server;
  const api = createApi(origin);
  const { client, databaseId, roleId } = await createTenant(api);
  const snapshot = () => snapshotTables(server.pool);
  return {
    origin,
    names,
    clientId: client.id,
    databaseId,
    roleId,
    api,
    snapshot,
    visitor: (organizationId) => new Visitor({ client, instance: { origin }, acme: { id: organizationId } }),
    async expectNothingLeft(before, involved = 'identity') {
      const changed = diffSnapshots(before, await snapshot());
      for (const table of Object.keys({ ...ALWAYS_LEFT, ...(involved === 'secret' && LEFT_BY_SECRETS) }))
        delete changed[table];
      const left = JSON.stringify(changed).slice(0, 600);
      if (left !== '{}') throw new Error(`something is left of a login that was refused: ${left}`);
    },
    logs: () => api<LogLine[]>('GET', '/logs?per_page=50'),
    async createUser(email, organizations = []) {
      const fields = {
        connection: 'Username-Password-Authentication',
        email,
        password: PASSWORD,
        email_verified: true,
      };
      const { user_id } = await api<{ user_id: string }>('POST', '/users', fields);
      for (const id of organizations) await api('POST', `/organizations/${id}/members`, { members: [user_id] });
      return user_id;
    },
    async mailedCode(email) {
      const all = await server.listKeptMail();
      const found = all.findLast(({ mail }) => mail.to === email && mail.template === 'proof_code');
      if (found === undefined) throw new Error(`no code was mailed to ${email}`);
      return String(found.mail.model.code);
    },
    async invite({ id, connectionId }, email) {
      const made = await api<Record<string, string>>('POST', `/organizations/${id}/invitations`, {
        inviter: { name: 'Dana Member' },
        invitee: { email },
        client_id: client.id,
        connection_id: connectionId,
        roles: [roleId],
      });
      const { id: invitation = '', ticket_id: ticket = '', invitation_url: url = '' } = made;
      const mailed = await readMailedTicket({ mail: () => server.listKeptMail() }, ticket);
      return { id: invitation, ticket, mailed, url };
    },
    stop,
  };
}
