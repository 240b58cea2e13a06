/**
 * A whole server for a test: its own database, a machine client for the Management API, and the system's own parts except
 * for the log and the wait before a "no" to a password. Nothing in it is a stub.
 */

import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { rehearsalTenant } from '../../src/compose/double.js';
import { type Server, type ServerOptions, startServer } from '../../src/compose/server.js';
import { parseConfig } from '../../src/config/config.js';
import { type DoubleFacts, parseFacts } from '../../src/double/facts.js';
import type { Clock } from '../../src/kernel/clock.js';
import type { KeptMail } from '../../src/storage/jobs/outbox.js';
import { createTestDatabase, type Snapshot, snapshotTables, type TestDatabase } from './database.js';
import { lendSigningKey } from './signing-key.js';
import { reachStandIns } from './stand-ins.js';

export type Json = Record<string, unknown>;

export interface Instance {
  /** The tenant's own address. */
  readonly origin: string;
  /** Where this process listens: the tenant's address, except for a second node. */
  readonly address: string;
  readonly server: Server;
  readonly database: TestDatabase;
  /** Calls the Management API; throws for a status that was not expected (any 2xx by default). */
  api<T = Json>(method: string, path: string, body?: unknown, expected?: number): Promise<T>;
  snapshot(): Promise<Snapshot>;
  /** Of a double: no removal of a member is under way. */
  removalsAreDone(): boolean;
  /** Mail that waits, newest last. */
  mail(): Promise<readonly KeptMail[]>;
  stop(): Promise<void>;
}

export const MANAGEMENT_CLIENT = { id: 'm2m', secret: 's3cret-of-the-machine-client' };

/**
 * A port of loopback that nobody listens on at the moment. Below those that the system gives to outgoing connections and to port 0: one of
 * these could be taken by another test before the server listens. Above the ones that browsers refuse.
 */
export async function findFreePort(): Promise<number> {
  for (;;) {
    const port = randomInt(11_000, 32_000);
    const probe = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      probe.once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((resolve) => probe.close(resolve));
    return port;
  }
}

/** A token of {@link MANAGEMENT_CLIENT} for the Management API. */
export async function fetchToken(origin: string, address = origin): Promise<string> {
  const response = await fetch(`${address}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      grant_type: 'client_credentials',
      client_id: MANAGEMENT_CLIENT.id,
      client_secret: MANAGEMENT_CLIENT.secret,
      audience: `${origin}/api/v2/`,
    }),
  });
  if (!response.ok) throw new Error(`no management token: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { access_token: string }).access_token;
}

/** How a rehearsal tenant is set for tests: neither limits nor delays, until a test asks for some. */
const QUICK_FACTS: Partial<DoubleFacts> = {
  rate_plan: 'none',
  member_removal_ms: 0,
  read_lag_ms: 0,
  action_build_ms: 0,
  user_creation: 'any_connection',
};

/**
 * Starts a server. `environment` adds to or replaces what it is configured with. `profile: 'auth0'` starts the double of a tenant of
 * Auth0's; `facts` sets its switches. `beside` makes it a second node of that tenant: it has the same database and the same address, and listens
 * at one of its own, as behind a load balancer.
 */
export async function startInstance(
  options: {
    environment?: Record<string, string>;
    clock?: Clock;
    operatorMfa?: ServerOptions['operatorMfa'] | 'unset';
    database?: TestDatabase;
    beside?: Pick<Instance, 'origin' | 'database'>;
    onApp?: ServerOptions['onApp'];
    profile?: 'auth0' | undefined;
    facts?: Partial<DoubleFacts> | undefined;
  } = {},
): Promise<Instance> {
  const { beside } = options;
  const shared = options.database ?? beside?.database;
  const database = shared ?? (await createTestDatabase());
  const port = await findFreePort();
  const config = parseConfig({
    PORT: String(port),
    DATABASE_URL: database.url,
    VESTIBULE_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
    VESTIBULE_MANAGEMENT_CLIENT_ID: MANAGEMENT_CLIENT.id,
    VESTIBULE_MANAGEMENT_CLIENT_SECRET: MANAGEMENT_CLIENT.secret,
    VESTIBULE_OUTBOUND_ALLOW: '127.0.0.0/8,::1',
    VESTIBULE_OUTBOUND_ALLOW_CUSTOMERS: '127.0.0.0/8,::1',
    VESTIBULE_LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
    // Tests refuse more people in a minute than one network may leave lines of; test/attacks/log-flooding has the usual number.
    VESTIBULE_LOG_LINES_PER_MINUTE: '1000000',
    ...(beside && { VESTIBULE_URL: beside.origin }),
    ...options.environment,
  });
  let app: FastifyInstance | undefined;
  const giveKeyBack =
    config.secretKey && !shared
      ? await lendSigningKey(database.pool, config.secretKey, options.clock)
      : () => undefined;
  const server = await startServer(config, {
    logger: pino({ level: config.logLevel }),
    passwordRefusalFloorMs: 0,
    // The tests of factors sign operators in with one; all others have a password alone.
    ...(options.operatorMfa !== 'unset' && { operatorMfa: options.operatorMfa ?? 'none' }),
    wrapOutbound: reachStandIns,
    ...(options.clock && { clock: options.clock }),
    onApp: (made) => {
      app = made;
      options.onApp?.(made);
    },
    ...(options.profile === 'auth0' && {
      decorator: rehearsalTenant(parseFacts({ ...QUICK_FACTS, ...options.facts })),
    }),
  });
  const { origin } = server;
  const address = beside ? `http://localhost:${port}` : origin;
  let token: string | undefined;
  return {
    origin,
    address,
    server,
    database,
    async api<T = Json>(method: string, path: string, body?: unknown, expected?: number): Promise<T> {
      const ask = async () => {
        token ??= await fetchToken(origin, address);
        return fetch(`${address}/api/v2${path}`, {
          method,
          headers: {
            authorization: `Bearer ${token}`,
            ...(body !== undefined && { 'content-type': 'application/json' }),
          },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        });
      };
      let response = await ask();
      if (response.status === 401 && expected !== 401) {
        // A clock that was moved past the token's end.
        await response.arrayBuffer();
        token = undefined;
        response = await ask();
      }
      const text = await response.text();
      if (expected === undefined ? !response.ok : response.status !== expected) {
        throw new Error(`${method} ${path}: ${response.status} ${text}`);
      }
      return (text === '' ? undefined : JSON.parse(text)) as T;
    },
    snapshot: () => snapshotTables(database.pool),
    removalsAreDone: () => app?.removalsAreDone?.() ?? true,
    mail: () => server.listKeptMail(),
    async stop() {
      await server.close();
      if (!shared) await database.drop();
      giveKeyBack();
    },
  };
}
