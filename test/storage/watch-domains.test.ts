/** The daily look at the records of proved domains: told in time, ended in time, by one node at a time, and undone by nobody's late answer. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TextAnswer } from '../../src/domain/companies/domain-proof.js';
import { systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox } from '../../src/kernel/seal.js';
import { silentLog } from '../../src/storage/database/log.js';
import { createDirectory } from '../../src/storage/directory/index.js';
import { listKeptMail } from '../../src/storage/jobs/outbox.js';
import { createDomainWatch } from '../../src/storage/jobs/watch-domains.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { createManualClock, type ManualClock } from '../support/manual-clock.js';

const box = createSecretBox(systemEntropy.bytes(32), 'rows', systemEntropy);
const DAY_MS = 86_400_000;
const AT = new Date('2026-11-27T10:00:00.000Z');
const TEXT = 'f'.repeat(32);
const GONE: TextAnswer = { kind: 'absent', reason: 'no_such_name' };
const SILENT: TextAnswer = { kind: 'no_answer', reason: 'timeout' };
const THERE: TextAnswer = { kind: 'texts', texts: [TEXT] };
let database: TestDatabase;
let clock: ManualClock;
let answer: TextAnswer;
let asked: string[];
let mailQueued: number;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(
    "insert into organizations (id, name, display_name, created_at, updated_at) values ('org_a', 'a', 'Acme', now(), now())",
  );
  await database.pool.query(
    `insert into connections (id, name, strategy, revision, domain_aliases, created_at, updated_at)
     values ('con_sso', 'sso', 'oidc', 'c1', '{acme.example}', now(), now())`,
  );
  await database.pool.query(
    "insert into organization_connections (organization_id, connection_id, revision, created_at) values ('org_a', 'con_sso', 'e1', now())",
  );
});
afterAll(() => database.drop());
beforeEach(async () => {
  for (const table of ['discovery_domains', 'logs', 'outbox']) await database.pool.query(`delete from ${table}`);
  await database.pool.query(
    `update tenant set friendly_name = 'Northwind', extra = '{"support_email": "ops@northwind.example"}'`,
  );
  await database.pool.query("update organization_connections set revision = 'e1'");
  clock = createManualClock(AT);
  answer = THERE;
  asked = [];
  mailQueued = 0;
});

/** A domain whose record was seen now. */
async function addDomain(domain = 'acme.example', fields: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const row = {
    organization_id: 'org_a',
    id: `ord_${domain}`,
    domain,
    status: 'verified',
    verification_txt: TEXT,
    proof: 'dns',
    verified_at: clock.now(),
    checked_at: clock.now(),
    expires_at: new Date(clock.now().getTime() + 7 * DAY_MS),
    next_attempt_at: new Date(clock.now().getTime() + DAY_MS),
    created_at: clock.now(),
    ...fields,
  };
  const names = Object.keys(row);
  await database.pool.query(
    `insert into discovery_domains (${names.join(', ')}) values (${names.map((_name, index) => `$${index + 1}`).join(', ')})`,
    Object.values(row),
  );
  return row.id;
}

function watch(find?: (host: string) => Promise<TextAnswer>) {
  return createDomainWatch({
    pool: database.pool,
    directory: createDirectory(database.pool, box),
    textRecords: {
      find: async (host) => {
        asked.push(host);
        return find === undefined ? answer : find(host);
      },
    },
    onMailQueued: () => {
      mailQueued += 1;
    },
    clock,
    entropy: systemEntropy,
    log: silentLog,
  });
}

const readRow = async (id = 'ord_acme.example') =>
  (await database.pool.query('select * from discovery_domains where id = $1', [id])).rows[0];
const readLog = async () => (await database.pool.query('select * from logs order by date, log_id')).rows;
const readMail = async () => (await listKeptMail(database.pool, box)).map(({ mail }) => mail).reverse();
const revision = async () =>
  (await database.pool.query('select revision from organization_connections')).rows[0].revision;

async function passDays(days: number, find?: (host: string) => Promise<TextAnswer>): Promise<void> {
  // A node that looks every hour.
  for (let hour = 0; hour < days * 24; hour += 1) {
    clock.advanceMs(3_600_000);
    await watch(find).drain();
  }
}

describe('a record that stays', () => {
  test('case=is looked for once a day, and the proof goes on', async () => {
    await addDomain();
    await passDays(30);
    expect(asked.length).toBeGreaterThan(25);
    expect(asked.length).toBeLessThan(34);
    expect(new Set(asked)).toEqual(new Set(['_ss-verification.org_a.acme.example']));
    const row = await readRow();
    expect(row).toMatchObject({ status: 'verified', proof: 'dns', check_problem: null, verified_at: AT });
    expect(row.expires_at.getTime() - row.checked_at.getTime()).toBe(7 * DAY_MS);
    expect(row.expires_at.getTime()).toBeGreaterThan(clock.now().getTime() + 5 * DAY_MS);
    expect(await readLog()).toEqual([]);
    expect(await readMail()).toEqual([]);
    expect(await revision()).toBe('e1');
  });

  test('case=domains that were proved together drift apart', async () => {
    for (let index = 0; index < 30; index += 1) await addDomain(`d${index}.example`);
    clock.advanceMs(DAY_MS);
    await watch().drain();
    const rows = await database.pool.query('select distinct next_attempt_at from discovery_domains');
    expect(rows.rows.length).toBeGreaterThan(15);
  });

  test('case=pending domains and those of an operator’s word are left alone', async () => {
    await addDomain('word.example', { proof: 'operator', expires_at: null, checked_at: null, next_attempt_at: AT });
    await addDomain('pending.example', { status: 'pending', next_attempt_at: AT });
    answer = GONE;
    await passDays(10);
    expect(asked).toEqual([]);
    expect(await readRow('ord_word.example')).toMatchObject({ status: 'verified', proof: 'operator' });
  });
});

describe('a record that is gone', () => {
  test('case=is told at the first look, with days left, and once', async () => {
    await addDomain();
    answer = GONE;
    await passDays(3);
    const lines = await readLog();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      type: 'domain_proof_shaky',
      organization_id: 'org_a',
      description: expect.stringContaining('_ss-verification.org_a.acme.example does not exist'),
      details: { domain: 'acme.example', check: 'no_such_name', expires_at: '2026-12-04T10:00:00.000Z' },
    });
    const daysLeft = (new Date('2026-12-04T10:00:00.000Z').getTime() - lines[0].date.getTime()) / DAY_MS;
    expect(daysLeft).toBeGreaterThan(5);
    const mail = await readMail();
    expect(mail).toHaveLength(1);
    expect(mail[0]).toMatchObject({
      to: 'ops@northwind.example',
      template: 'domain_proof_shaky',
      model: { domain: 'acme.example', organizationTitle: 'Acme', text: TEXT, endsAt: '2026-12-04T10:00:00.000Z' },
    });
    expect(mailQueued).toBe(1);
    expect(await readRow()).toMatchObject({ status: 'verified', check_problem: 'no_such_name' });
  });

  test('case=the proof ends after a week: pending, told, and logins under way with it', async () => {
    await addDomain();
    answer = GONE;
    await passDays(6.9);
    expect(await readRow()).toMatchObject({ status: 'verified' });
    expect(await revision()).toBe('e1');
    await passDays(0.2);
    expect(await readRow()).toMatchObject({
      status: 'pending',
      verified_at: null,
      checked_at: null,
      expires_at: null,
      check_problem: 'no_such_name',
    });
    expect(await revision()).not.toBe('e1');
    expect((await readLog()).map(({ type }) => type)).toEqual(['domain_proof_shaky', 'domain_proof_ended']);
    expect((await readMail()).map(({ template }) => template)).toEqual(['domain_proof_shaky', 'domain_proof_ended']);
    // There is no more look-up, and it does not come back by itself.
    asked.length = 0;
    answer = THERE;
    await passDays(3);
    expect(asked).toEqual([]);
    expect(await readRow()).toMatchObject({ status: 'pending' });
  });

  test('case=published again in time: the proof goes on, and the log says so', async () => {
    await addDomain();
    answer = GONE;
    await passDays(3);
    answer = THERE;
    await passDays(1);
    expect(await readRow()).toMatchObject({ status: 'verified', check_problem: null, told_at: null });
    expect((await readLog()).map(({ type }) => type)).toEqual(['domain_proof_shaky', 'domain_proof_renewed']);
    // Another loss is mailed again.
    answer = GONE;
    await passDays(2);
    expect((await readMail()).map(({ template }) => template)).toEqual(['domain_proof_shaky', 'domain_proof_shaky']);
  });

  test('case=no support address: the log alone', async () => {
    await database.pool.query(`update tenant set extra = '{}'`);
    await addDomain();
    answer = GONE;
    await passDays(2);
    expect(await readLog()).toHaveLength(1);
    expect(await readMail()).toEqual([]);
    expect(mailQueued).toBe(0);
  });
});

describe('name servers that do not answer', () => {
  test.each<TextAnswer>([SILENT, { kind: 'no_answer', reason: 'server_failure' }])(
    'case=an outage of three days is nobody’s loss: $reason',
    async (outage) => {
      await addDomain();
      answer = outage;
      await passDays(3);
      expect(await readLog()).toEqual([]);
      expect(await readRow()).toMatchObject({ status: 'verified' });
      answer = THERE;
      await passDays(0.1);
      expect((await readRow()).expires_at.getTime()).toBeGreaterThan(clock.now().getTime() + 6 * DAY_MS);
    },
  );

  test('case=an outage makes no proof longer: told before the end, ended at the end', async () => {
    await addDomain();
    answer = SILENT;
    await passDays(7.1);
    expect((await readLog()).map(({ type }) => type)).toEqual(['domain_proof_shaky', 'domain_proof_ended']);
    expect(await readRow()).toMatchObject({ status: 'pending', check_problem: 'timeout' });
  });
});

describe('several nodes, and nodes that die', () => {
  test('case=two nodes look at each domain once', async () => {
    for (let index = 0; index < 20; index += 1) await addDomain(`d${index}.example`);
    clock.advanceMs(DAY_MS);
    await Promise.all([watch().drain(), watch().drain(), watch().drain()]);
    expect(asked).toHaveLength(20);
    expect(new Set(asked).size).toBe(20);
  });

  test('case=a node dies while it looks: another one looks a minute later', async () => {
    await addDomain();
    clock.advanceMs(DAY_MS);
    await expect(watch(() => Promise.reject(new Error('killed'))).drain()).rejects.toThrow('killed');
    expect(await watch().drain()).toBe(0);
    clock.advanceMs(61_000);
    expect(await watch().drain()).toBe(1);
    expect(await readRow()).toMatchObject({ check_problem: null, checked_at: clock.now() });
  });

  test('case=name servers are asked with no transaction open, and slow ones hold no row', async () => {
    await addDomain();
    clock.advanceMs(DAY_MS);
    const open = "select 1 from pg_stat_activity where datname = current_database() and state = 'idle in transaction'";
    await watch(async () => {
      expect((await database.pool.query(open)).rows).toEqual([]);
      await database.pool.query('update discovery_domains set use_for_organization_discovery = false');
      return THERE;
    }).drain();
    expect(await readRow()).toMatchObject({ use_for_organization_discovery: false, checked_at: clock.now() });
  });
});

describe('what changed while name servers were asked stays', () => {
  const directory = () => createDirectory(database.pool, box).organizations;
  const id = 'ord_acme.example';

  test('case=the operator took the proof back: a record that is seen late does not bring it back', async () => {
    await addDomain();
    clock.advanceMs(DAY_MS);
    await watch(async () => {
      await directory().updateDomain('org_a', id, { state: { status: 'pending' } });
      return THERE;
    }).drain();
    expect(await readRow()).toMatchObject({ status: 'pending', expires_at: null, checked_at: null });
  });

  test('case=the operator vouched for it: a record that is gone does not end that', async () => {
    await addDomain();
    clock.advanceMs(8 * DAY_MS);
    await watch(async () => {
      await directory().updateDomain('org_a', id, { state: { status: 'pending' } });
      const state = { status: 'verified', by: 'operator', at: clock.now() } as const;
      await directory().updateDomain('org_a', id, { state });
      return GONE;
    }).drain();
    expect(await readRow()).toMatchObject({ status: 'verified', proof: 'operator' });
    expect(await readLog()).toEqual([]);
  });

  test('case=it was proved anew: an older look that found nothing does not end it', async () => {
    await addDomain();
    clock.advanceMs(8 * DAY_MS);
    const at = clock.now();
    const later = (days: number) => new Date(at.getTime() + days * DAY_MS);
    await watch(async () => {
      const state = { status: 'verified', by: 'dns', at, expiresAt: later(7), nextLookAt: later(1) } as const;
      await directory().updateDomain('org_a', id, { state });
      return GONE;
    }).drain();
    expect(await readRow()).toMatchObject({ status: 'verified', proof: 'dns', expires_at: later(7) });
    // Nor is a login under way told that something changed.
    expect(await readLog()).toEqual([]);
    expect(await readMail()).toEqual([]);
  });

  test('case=the domain was removed', async () => {
    await addDomain();
    clock.advanceMs(DAY_MS);
    await watch(async () => {
      await directory().deleteDomain('org_a', id);
      return GONE;
    }).drain();
    expect(await readRow()).toBeUndefined();
    expect(await readLog()).toEqual([]);
  });
});
