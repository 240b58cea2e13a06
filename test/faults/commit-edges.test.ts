/**
 * The one write at its edges: its answer is lost, it never got there, its invitation is somebody else's, its ground moved. Small enough
 * to run against every seeded fault.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Fault } from '../../src/kernel/errors.js';
import { systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox } from '../../src/kernel/seal.js';
import { createLoginStore } from '../../src/storage/login-store/index.js';
import {
  AT,
  addInvitation,
  addOrganization,
  LATER,
  type LoginStoreRig,
  makeWorld,
  newcomerPlan,
  silentPlan,
} from '../conformance/login-store-world.js';
import { createTestDatabase, diffSnapshots, snapshotTables, type TestDatabase } from '../support/database.js';
import { type FaultyPool, makeFaulty } from '../support/faulty-pool.js';
import { holdWrite } from '../support/held-writes.js';
import { createManualClock } from '../support/manual-clock.js';
import { createSqlSeed } from '../support/sql-seed.js';

let database: TestDatabase;
const clock = createManualClock(AT);
let faults: FaultyPool;
let rig: LoginStoreRig;

beforeAll(async () => {
  database = await createTestDatabase();
  const { pool } = database;
  const box = createSecretBox(Buffer.alloc(32, 1), 'rows', systemEntropy);
  rig = {
    ...createLoginStore(pool, box, ['auth0', 'oidc', 'okta'], clock),
    clock,
    seed: createSqlSeed(pool),
    sealSecrets: (id, secrets) => box.seal(JSON.stringify(secrets), `connections:${id}:secrets`),
    openMail: () => undefined,
    snapshot: () => snapshotTables(pool),
    stop: () => database.drop(),
  };
  faults = makeFaulty(pool);
});
afterAll(() => database.drop());

const isWrite = (text: string) => text.startsWith('with connection_now');

/** Fails the first call that matches. */
function failOnce(matches: (text: string) => boolean, mode: 'lost-before' | 'lost-after' | 'serialization'): void {
  let done = false;
  faults.armWhere((text) => {
    if (done || !matches(text)) return false;
    done = true;
    return true;
  }, mode);
}

test('the answer of a newcomer is lost: asked again, the server says that it was done', async () => {
  const plan = newcomerPlan(await makeWorld(rig));
  const before = await rig.snapshot();
  failOnce(isWrite, 'lost-after');
  expect(await rig.commit.apply(plan)).toEqual({ ok: true });
  expect(faults.disarm()).toHaveLength(1);
  expect(diffSnapshots(before, await rig.snapshot()).login_receipts?.added).toHaveLength(1);
});

test('the answer of a binding is lost at its COMMIT: the same', async () => {
  const world = await makeWorld(rig);
  const plan = silentPlan(world);
  failOnce((text) => text === 'commit', 'lost-after');
  expect(await rig.commit.apply(plan)).toEqual({ ok: true });
  expect(faults.disarm()).toHaveLength(1);
});

const isQuestion = (text: string) => text.startsWith('select 1 from authorization_codes');

test('nobody answers for a while after a fail-over: the server asks again, and "nobody answers" is not "no"', async () => {
  const plan = newcomerPlan(await makeWorld(rig));
  let questions = 0;
  let isWritten = false;
  faults.armWhere((text) => {
    if (isQuestion(text)) {
      questions += 1;
      return questions <= 2;
    }
    if (isWritten || !isWrite(text)) return false;
    isWritten = true;
    return true;
  }, 'lost-after');
  expect(await rig.commit.apply(plan)).toEqual({ ok: true });
  expect(faults.disarm()).toHaveLength(3);
});

test('nobody answers until the deadline: one fault within it, and it says that the outcome is unknown', async () => {
  const plan = newcomerPlan(await makeWorld(rig));
  const usual = database.pool.options.query_timeout;
  Object.assign(database.pool.options, { query_timeout: 600 });
  faults.armWhere((text) => isWrite(text) || isQuestion(text), 'lost-after');
  const begunAt = performance.now();
  await expect(rig.commit.apply(plan)).rejects.toThrow(/not known whether this login was written/);
  expect(performance.now() - begunAt).toBeLessThan(5_000);
  expect(faults.disarm().length).toBeGreaterThan(1);
  Object.assign(database.pool.options, { query_timeout: usual });
});

test.each(['a newcomer', 'a binding'] as const)(
  '%s that never got to the server is a fault, and nothing is there',
  async (kind) => {
    const world = await makeWorld(rig);
    const plan = kind === 'a newcomer' ? newcomerPlan(world) : silentPlan(world);
    const before = await rig.snapshot();
    failOnce(isWrite, 'lost-before');
    await expect(rig.commit.apply(plan)).rejects.toThrow(Fault);
    faults.disarm();
    expect(diffSnapshots(before, await rig.snapshot())).toEqual({});
  },
);

test('a serialization failure is a conflict, not a fault', async () => {
  const plan = newcomerPlan(await makeWorld(rig));
  failOnce(isWrite, 'serialization');
  expect(await rig.commit.apply(plan)).toEqual({ ok: false, conflict: 'concurrent' });
  faults.disarm();
});

test('a login that may not be stays away from its invitation: the ground moved, and the invitation lives', async () => {
  const world = await makeWorld(rig);
  const plan = newcomerPlan(world, { consumeInvitationId: world.invitation.id, relyFingerprint: 'c0.e0' });
  const before = await rig.snapshot();
  expect(await rig.commit.apply(plan)).toEqual({ ok: false, conflict: 'connection' });
  expect(diffSnapshots(before, await rig.snapshot())).toEqual({});
});

test('the invitation of another organization is not there for this one', async () => {
  const world = await makeWorld(rig);
  const other = `org_other${world.key}`;
  await addOrganization(rig.seed, other);
  const id = `uinv_other${world.key}`;
  await addInvitation(rig.seed, world, id, world.invitation.email, { organization_id: other, expires_at: LATER });
  const before = await rig.snapshot();
  expect(await rig.commit.apply(newcomerPlan(world, { consumeInvitationId: id }))).toEqual({
    ok: false,
    conflict: 'invitation',
  });
  expect(diffSnapshots(before, await rig.snapshot())).toEqual({});
});

test('the connection is cut in the middle of a transaction: a fault, nothing is there, and the process goes on', async () => {
  const plan = silentPlan(await makeWorld(rig));
  const before = await rig.snapshot();
  const held = holdWrite(database.pool, /^with\s+connection_now/);
  const outcome = rig.commit.apply(plan).then(
    () => 'done',
    (error: unknown) => error,
  );
  await held.reached;
  const cut = await database.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and state = 'idle in transaction'`,
  );
  expect(cut.rowCount).toBe(1);
  // The driver tells of the loss before anybody asks: with no statement under way, there is nobody whom it could tell.
  await new Promise((resolve) => setTimeout(resolve, 100));
  held.restore();
  expect(await outcome).toBeInstanceOf(Fault);
  expect(diffSnapshots(before, await rig.snapshot())).toEqual({});
  expect(await rig.commit.apply(plan)).toEqual({ ok: true });
});
