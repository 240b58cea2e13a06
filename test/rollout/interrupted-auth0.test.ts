/**
 * Interruptions of a rollout on Auth0's double: the tool dies after SCIM has made an account and before the journal says so, and others work on
 * the same accounts meanwhile. Nothing of the rollout's is left behind, and nothing of theirs is taken away.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/kernel/clock.js';
import { connectTenant, type RemoteTenant } from '../../src/tenant-tools/remote/tenant.js';
import { applyPlan } from '../../src/tenant-tools/rollout/apply.js';
import { openTenant } from '../../src/tenant-tools/rollout/connect.js';
import { openJournal, readJournal } from '../../src/tenant-tools/rollout/journal.js';
import { type Plan, parsePlan } from '../../src/tenant-tools/rollout/plan-file.js';
import { rollBack } from '../../src/tenant-tools/rollout/rollback.js';
import type { RolloutTenant } from '../../src/tenant-tools/rollout/tenant.js';
import { type Changed, isChanged } from '../../src/tenant-tools/rollout/totals.js';
import { runVestibule } from '../cli/run-vestibule.js';
import { addCompany } from '../support/company.js';
import { MANAGEMENT_CLIENT } from '../support/instance.js';
import { useStage } from '../support/stage.js';

const stage = useStage({ profile: 'auth0' });
const query = (text: string, ...values: unknown[]) => stage.instance.database.pool.query(text, values);
let folder: string;
let plan: Plan;
let person: Changed;
let subject: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollout-auth0-'));
  const company = await addCompany(stage.instance.database.pool, stage.cast, 40);
  await writeFile(join(folder, 'people.csv'), company.directory);
  const words = ['--organization', 'acme', '--connection', 'acme-oidc', '--directory', join(folder, 'people.csv')];
  await runVestibule(['rollout', 'plan', ...words, '--out', join(folder, 'plan.jsonl')], {
    VESTIBULE_URL: stage.instance.origin,
    VESTIBULE_MANAGEMENT_CLIENT_ID: MANAGEMENT_CLIENT.id,
    VESTIBULE_MANAGEMENT_CLIENT_SECRET: MANAGEMENT_CLIENT.secret,
  });
  plan = parsePlan(await readFile(join(folder, 'plan.jsonl'), 'utf8'));
  person = plan.people.filter(isChanged)[0] as Changed;
  subject = person.prepare !== undefined && 'subject' in person.prepare ? person.prepare.subject : '';
  expect(subject).not.toBe('');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const journalFile = () => join(folder, 'plan.jsonl.journal');
afterEach(() => rm(journalFile(), { force: true }));

async function work(
  what: 'apply' | 'rollback',
  around: (remote: RemoteTenant) => RemoteTenant = (remote) => remote,
): Promise<void> {
  const { id: clientId, secret: clientSecret } = MANAGEMENT_CLIENT;
  const remote = await connectTenant({ origin: stage.instance.origin, clientId, clientSecret }, { tries: 8 });
  const place = { organizationId: plan.head.organization.id, connectionId: plan.head.connection.id };
  const target = { ...place, connectionName: plan.head.connection.name, strategy: plan.head.connection.strategy };
  const opened = openTenant(around(remote), 'auth0', 'write', target, systemClock);
  // One person is read instead of everybody: the double keeps to Auth0's rate limits.
  const tenant: RolloutTenant = { ...opened, people: () => opened.people(new Set([person.user_id])) };
  const journal = await openJournal(journalFile(), plan.digest, systemClock);
  const shared = {
    plan,
    tenant,
    place,
    journal,
    only: new Set([person.user_id]),
    allowLockout: true,
    onProgress: () => {},
  };
  try {
    if (what === 'apply') await applyPlan({ ...shared, limit: undefined, strict: false, isStopped: () => false });
    else await rollBack({ ...shared, used: 'undo', isStopped: () => false });
  } finally {
    await journal.close();
  }
}

const standing = async () => (await readJournal(journalFile(), plan.digest)).standings.get(person.user_id);

async function listThere(): Promise<readonly unknown[]> {
  const { rows } = await query(
    'select user_id from identities where connection_id = $1 and subject = $2',
    stage.cast.acme.connectionId,
    subject,
  );
  return rows;
}

/** The tool dies when SCIM has made the account, before anything is known of its answer. */
function dying(remote: RemoteTenant): RemoteTenant {
  return {
    ...remote,
    scim: (...words) => {
      const endpoint = remote.scim(...words);
      return {
        ...endpoint,
        async send(...call) {
          await endpoint.send(...call);
          throw new Error('killed');
        },
      };
    },
  };
}

test('killed after SCIM made the account: rolled back at once, no account is left', async () => {
  await expect(work('apply', dying)).rejects.toThrow('killed');
  expect(await listThere()).toHaveLength(1);
  await work('rollback');
  expect(await listThere()).toEqual([]);
  expect(await standing()).toMatchObject({ mark: 'undone' });
});

test('killed after SCIM made the account: taken up again, the person is linked', async () => {
  await expect(work('apply', dying)).rejects.toThrow('killed');
  await work('apply');
  expect(await listThere()).toEqual([{ user_id: person.user_id }]);
  await work('rollback');
  expect(await listThere()).toEqual([]);
});

test('killed after the token was made: a connection that has SCIM already is left with its own token alone', async () => {
  const { api } = stage.instance;
  const path = `/connections/${stage.cast.acme.connectionId}/scim-configuration`;
  await api('POST', path, {});
  const { token_id: theirs } = await api('POST', `${path}/tokens`, { scopes: ['get:users'], token_lifetime: 900 });
  const dyingWithToken = (remote: RemoteTenant): RemoteTenant => ({
    ...remote,
    async send(method, address, body) {
      const answer = await remote.send(method, address, body);
      if (method === 'POST' && address.endsWith('/tokens')) throw new Error('killed');
      return answer;
    },
  });
  const list = async () => (await api<{ token_id: string }[]>('GET', `${path}/tokens`)).map(({ token_id: id }) => id);
  try {
    await expect(work('apply', dyingWithToken)).rejects.toThrow('killed');
    expect(await list()).toHaveLength(2);
    await work('rollback');
    expect(await list()).toEqual([theirs]);
  } finally {
    await api('DELETE', path);
  }
});

test('an account that the subject has already is neither linked nor deleted', async () => {
  const there = `oidc|acme-oidc|${subject}`;
  await query(
    `insert into users (user_id, email, app_metadata, created_at, updated_at) values ($1, 'other@acme.example', $2, now(), now())`,
    there,
    { plan: 'gold' },
  );
  await query(
    `insert into identities (user_id, id, connection_id, status, issuer, subject, is_primary, bound_at, created_at)
     values ($1, 'theirs', $2, 'bound', $3, $4, true, now(), now())`,
    there,
    stage.cast.acme.connectionId,
    stage.cast.idp.issuer,
    subject,
  );
  await work('apply');
  expect((await standing())?.mark).not.toBe('done');
  await work('rollback');
  const { rows } = await query('delete from users where user_id = $1 returning app_metadata', there);
  expect(rows).toEqual([{ app_metadata: { plan: 'gold' } }]);
});

test('an identity that somebody else put in the place of the planned one is left', async () => {
  await work('apply');
  await query(`update identities set subject = 'theirs' where user_id = $1 and subject = $2`, person.user_id, subject);
  await work('rollback');
  expect(await standing()).toMatchObject({ mark: 'kept' });
  const { rowCount } = await query(`delete from identities where user_id = $1 and subject = 'theirs'`, person.user_id);
  expect(rowCount).toBe(1);
});
