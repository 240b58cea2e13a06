/**
 * Processes end while the tenant's code runs: the one that it runs in, killed from outside, and the server's own. Nothing is left, or in
 * Auth0's order the person and nothing that lets them in; no process stays behind; a person who was cut off tries again and is in.
 */
import { expect, test } from 'vitest';
import { bindActions, deployAction, setOrder } from '../support/actions.js';
import { startBalancer } from '../support/balancer.js';
import { type Cast, createCast, Visitor } from '../support/cast.js';
import { createTestDatabase, diffSnapshots, type Snapshot } from '../support/database.js';
import { GATED, startGate } from '../support/gate.js';
import { type Instance, startInstance } from '../support/instance.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { isAlive, listActionProcesses } from '../support/server-children.js';
import { startServerProcess } from '../support/server-process.js';
import { answerOf } from '../support/stage.js';

const ORDERS = ['after_actions', 'before_actions'] as const;
/** How long a process may outlive its server. */
const ORPHAN_MS = 5_000;

async function arrange(instance: Instance, gateUrl: string): Promise<Cast> {
  const cast = await createCast(instance, { enabled: { assign_membership_on_login: true } });
  const code = { name: 'gated', code: GATED, secrets: { gate: gateUrl } };
  await bindActions(instance, 'post-login', [await deployAction(instance, code)]);
  return cast;
}

function employ(cast: Cast, key: string): string {
  const email = `${key}@acme.example`;
  cast.people[key] = { sub: `idp-${key}`, email, email_verified: true };
  return email;
}

/** Expects no more than the order leaves of a newcomer who was not let in. */
async function expectNotIn(instance: Instance, before: Snapshot, order: (typeof ORDERS)[number]): Promise<void> {
  if (order === 'after_actions') return expectNothingLeft(instance, before);
  const { logs: _logs, ...changed } = diffSnapshots(before, await instance.snapshot());
  expect(Object.keys(changed).sort()).toEqual(['identities', 'members', 'users']);
  expect(changed.users?.added).toMatchObject([{ logins_count: 0, app_metadata: {} }]);
  expect(changed.members?.added).toMatchObject([{ via: 'auto', first_used_at: null }]);
}

/** He tries again: in, once, and the Action has written once. */
async function expectIn(
  instance: Instance,
  before: Snapshot,
  visitor: Visitor,
  key: string,
  email: string,
): Promise<void> {
  const { claims } = await visitor.redeem(await visitor.throughSso(key, email));
  expect(claims.sub).toBe(`oidc|acme-oidc|idp-${key}`);
  const changed = diffSnapshots(before, await instance.snapshot());
  for (const table of ['users', 'identities', 'members', 'sessions', 'login_receipts'])
    expect(changed[table]?.added, table).toHaveLength(1);
  expect(changed.users?.added).toMatchObject([{ logins_count: 1, app_metadata: { agreed: 1 } }]);
}

test('the process of an Action is killed from outside while it runs: refused, and the next login is served by another', async () => {
  const gate = await startGate();
  const instance = await startInstance();
  const cast = await arrange(instance, gate.url);
  try {
    for (const order of ORDERS) {
      await setOrder(instance, order);
      const key = `k-${order}`;
      const email = employ(cast, key);
      const before = await instance.snapshot();
      const visitor = new Visitor(cast);
      const ended = visitor.throughSso(key, email);
      await gate.arrived(email);
      const processes = listActionProcesses(process.pid);
      expect(processes.length).toBeGreaterThan(0);
      for (const pid of processes) process.kill(pid, 'SIGKILL');
      const answer = answerOf(await ended);
      expect(answer).toMatchObject({
        error: 'access_denied',
        error_description: expect.stringContaining('an Action failed'),
      });
      await expectNotIn(instance, before, order);
      const { rows } = await instance.database.pool.query<{ detail: string }>(
        `select details ->> 'detail' as detail from logs where details ->> 'reference' = $1`,
        [answer.error_reference],
      );
      expect(rows[0]?.detail).toMatch(/^post-login: died: /);
      gate.openAlways(email);
      await expectIn(instance, before, visitor, key, email);
    }
  } finally {
    await cast.stop();
    await instance.stop();
    await gate.stop();
  }
}, 60_000);

test('the server is killed with -9 while an Action runs: the process of the Action ends as well, nothing is left, another server lets him in', async () => {
  const gate = await startGate();
  const database = await createTestDatabase();
  const balancer = await startBalancer();
  const origin = `http://localhost:${balancer.port}`;
  const keeper = await startInstance({ beside: { origin, database } });
  const own = await arrange(keeper, gate.url);
  const cast: Cast = { ...own, instance: { ...keeper, address: origin } };
  const start = () => startServerProcess({ databaseUrl: database.url, origin });
  try {
    for (const order of ORDERS) {
      await setOrder(keeper, order);
      const key = `s-${order}`;
      const email = employ(own, key);
      const server = await start();
      balancer.direct([server.port]);
      const before = await keeper.snapshot();
      const cut = new Visitor(cast).throughSso(key, email).catch((error: unknown) => error as Error);
      await gate.arrived(email);
      const processes = listActionProcesses(server.pid);
      expect(processes.length, 'the Action runs').toBeGreaterThan(0);
      await server.kill();
      expect(await cut, 'the connection broke').toBeInstanceOf(Error);
      const until = performance.now() + ORPHAN_MS;
      while (processes.some(isAlive) && performance.now() < until)
        await new Promise((resolve) => setTimeout(resolve, 50));
      expect(processes.filter(isAlive), 'orphans').toEqual([]);
      await expectNotIn(keeper, before, order);
      const lines = (diffSnapshots(before, await keeper.snapshot()).logs?.added ?? []) as { type: string }[];
      expect(lines.map(({ type }) => type)).toEqual(order === 'after_actions' ? [] : ['organization_member_added']);
      gate.openAlways(email);
      const next = await start();
      balancer.direct([next.port]);
      await expectIn(keeper, before, new Visitor(cast), key, email);
      await next.stop();
    }
  } finally {
    await balancer.stop();
    await own.stop();
    await keeper.stop();
    await database.drop();
    await gate.stop();
  }
}, 180_000);
