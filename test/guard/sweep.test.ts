/**
 * `vestibule guard sweep` on a tenant that behaves as Auth0's do: finds the strangers whom refused logins left, and nobody else; looks again
 * before it removes; puts back; afterwards the strangers can be invited.
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { hasOpenssl } from '../support/certificate.js';
import { useGuardRig } from '../support/guard-rig.js';
import { leaveStrangers } from '../support/left-strangers.js';

const available = hasOpenssl();

interface Plan {
  readonly totals: Readonly<Record<string, number>>;
  readonly people: readonly {
    readonly user_id: string;
    readonly class: string;
    readonly action: string;
    readonly why: string;
    readonly evidence: { readonly second_factor?: true };
  }[];
}

interface End {
  readonly removed: number;
  readonly deleted: number;
  readonly skipped: readonly { readonly user_id: string; readonly why: string }[];
}

/** Most of the 20 seconds for which apply asks again whether a membership is a new one: as if they had gone by. */
const WAITED_MS = 18_000;

/** Dates the removals that a journal tells of back by {@link WAITED_MS}. */
async function ageRemovals(journal: string): Promise<void> {
  const text = await readFile(journal, 'utf8');
  const earlier = (_match: string, at: string) => `"at":"${new Date(Date.parse(at) - WAITED_MS).toISOString()}"`;
  const aged = text.replaceAll(/"at":"([^"]+)"/g, earlier);
  expect(aged).not.toBe(text);
  await writeFile(journal, aged);
}

describe.skipIf(!available)('guard sweep', { timeout: 120_000 }, () => {
  const rig = useGuardRig();
  const api = <T>(method: string, path: string, body?: unknown) => rig.stage.instance.api<T>(method, path, body);
  const acme = () => `/organizations/${rig.stage.cast.acme.id}`;
  const file = (name: string) => join(rig.folder, name);
  const plan = (name: string, ...more: string[]) =>
    rig.json<Plan>('sweep', 'plan', '--organization', 'acme', '--min-age', '0', '--out', file(name), ...more);
  const members = async () => {
    const list = await api<{ members: { user_id: string }[] }>('GET', `${acme()}/members?take=100`);
    return list.members.map(({ user_id }) => user_id).sort();
  };
  /** Somebody of the company who is a member without a line in the log, as one whom the API added a year ago. */
  const addUnexplained = async (name: string) => {
    const id = rig.employ(name);
    await rig.stage.enablement({ assign_membership_on_login: false });
    await rig.enter(name);
    await api('POST', `${acme()}/members`, { members: [id] });
    return id;
  };
  let strangers: readonly string[];
  let kept: readonly string[];
  let unexplained: string;

  beforeAll(async () => {
    const { stage } = rig;
    const { cast } = stage;
    const password = await cast.createMember('dana@acme.example');
    await stage.enablement({ assign_membership_on_login: true });
    const letIn = rig.employ('lou');
    expect((await rig.enter('lou')).code).toBeDefined();
    const invited = rig.employ('ivy');
    const invitation = await cast.invite('ivy@acme.example', { roles: [] });
    const visitor = stage.visitor();
    await visitor.signInAtIdp(await visitor.accept(invitation), 'ivy');
    unexplained = await addUnexplained('una');
    strangers = await leaveStrangers(rig, 'sam', 25);
    const { pool } = stage.instance.database;
    await pool.query('update users set factors_revision = 1 where user_id = $1', [strangers[1]]);
    await pool.query(
      `insert into factors (user_id, id, kind, created_at, confirmed_at) values ($1, 'app', 'otp', now(), now())`,
      [strangers[1]],
    );
    kept = [password, letIn, invited].sort();
  }, 180_000);

  test('the plan names the strangers with their evidence, and changes nothing', async () => {
    const before = await members();
    const { people, totals } = await plan('first.jsonl');
    const removed = people.filter(({ action }) => action === 'remove');
    expect(removed.map(({ user_id }) => user_id)).toEqual(strangers);
    expect(removed[0]).toMatchObject({ class: 'stranger', evidence: { log_id: expect.any(String) } });
    // A second factor belongs to the account: the plan names who set one up.
    expect(people.filter(({ evidence }) => evidence.second_factor).map(({ user_id }) => user_id)).toEqual([
      strangers[1],
    ]);
    expect(people.filter(({ action }) => action !== 'remove')).toMatchObject([
      { user_id: unexplained, class: 'unexplained', action: 'ask-a-human' },
    ]);
    expect(totals).toMatchObject({ members: 29, stranger: 25, unexplained: 1, 'keep:let-in': 1, 'keep:invited': 1 });
    expect(await members()).toEqual(before);
  });

  test('a membership of a moment ago is left alone', async () => {
    const { people } = await rig.json<Plan>('sweep', 'plan', '--organization', 'acme');
    expect(people.filter(({ action }) => action === 'remove')).toEqual([]);
  });

  test('a plan that was changed, cut off, or is another tenant’s, is refused, and nobody is removed', async () => {
    const text = await readFile(file('first.jsonl'), 'utf8');
    const lines = text.split('\n');
    const wrong = {
      changed: text.replace('"ask-a-human"', '"remove"'),
      'cut-off': lines.slice(0, 5).join('\n'),
      'without-a-line': [...lines.slice(0, 1), ...lines.slice(2)].join('\n'),
      nothing: '',
    };
    const before = await members();
    for (const [name, content] of Object.entries(wrong)) {
      await writeFile(file(name), content);
      const run = await rig.run('sweep', 'apply', file(name));
      expect(run.code, name).toBe(2);
      expect(run.stderr, name).toContain('Make a new plan');
    }
    expect(await members()).toEqual(before);
  });

  test('apply looks again at everybody: a role, an invitation, a login since the plan keep the seat', async () => {
    const [withRole = '', invited = '', gone = ''] = strangers.slice(-3);
    const seat = `${acme()}/members/${encodeURIComponent(withRole)}/roles`;
    await api('POST', seat, { roles: [rig.stage.cast.roleId] });
    const user = await api<{ email: string }>('GET', `/users/${encodeURIComponent(invited)}`);
    // A member cannot be invited here: the invitation comes first.
    await rig.stage.instance.database.pool.query('delete from members where user_id = $1', [invited]);
    await rig.stage.cast.invite(user.email, { roles: [] });
    await rig.stage.instance.database.pool.query(
      `insert into members (organization_id, user_id, via, created_at) values ($1, $2, 'auto', now())`,
      [rig.stage.cast.acme.id, invited],
    );
    await api('DELETE', `${acme()}/members`, { members: [gone] });
    const end = await rig.json<End>('sweep', 'apply', file('first.jsonl'));
    expect(end.removed).toBe(22);
    expect(end.skipped.map(({ user_id }) => user_id).sort()).toEqual([gone, invited, withRole].sort());
    expect(await members()).toEqual([...kept, unexplained, withRole, invited].sort());
  });

  test('applied again it does nothing; rolled back, everybody is a member again, by the word of an administrator', async () => {
    expect((await rig.json<End>('sweep', 'apply', file('first.jsonl'))).removed).toBe(22);
    const end = await rig.json<{ restored: number; lost: string[] }>('sweep', 'rollback', file('first.jsonl'));
    expect(end).toMatchObject({ restored: 22, lost: [] });
    expect(await members()).toHaveLength(28);
    expect((await rig.json<{ restored: number }>('sweep', 'rollback', file('first.jsonl'))).restored).toBe(0);
    const { people } = await plan('second.jsonl');
    expect(people.filter(({ action }) => action === 'remove')).toEqual([]);
    expect(people.filter(({ why }) => why.startsWith('was added through the API'))).toHaveLength(22);
  });

  test('--include-unexplained removes those, too; --delete-users deletes what is left of them, which rollback says', async () => {
    await plan('third.jsonl', '--include-unexplained');
    expect((await rig.json<End>('sweep', 'apply', file('third.jsonl'))).removed).toBe(23);
    // A membership that somebody was given since is not lost with the user.
    await rig.untilNoMember(unexplained);
    await api('POST', `${acme()}/members`, { members: [unexplained] });
    await ageRemovals(`${file('third.jsonl')}.journal`);
    const end = await rig.json<End>('sweep', 'apply', file('third.jsonl'), '--delete-users');
    expect(end).toMatchObject({ removed: 23, deleted: 22 });
    const run = await rig.run('sweep', 'rollback', file('third.jsonl'));
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('22 of the removed people were deleted as users');
    expect(await members()).toEqual([...kept, ...strangers.slice(-3, -1), unexplained].sort());
  });

  test('two at once: while another process works with the journal, apply and rollback are refused and remove nobody', async () => {
    const lock = `${file('first.jsonl')}.journal.lock`;
    // The process of the test runs for as long as the commands do.
    await writeFile(lock, `${process.pid}\n`);
    const before = await members();
    for (const command of ['apply', 'rollback']) {
      const run = await rig.run('sweep', command, file('first.jsonl'));
      expect(run.code, run.stderr).toBe(2);
      expect(run.stderr).toContain(`Process ${process.pid} works with ${file('first.jsonl')}.journal`);
      expect(run.stderr).toContain('Nothing was done.');
    }
    expect(await members()).toEqual(before);
    await rm(lock);
  });

  test('afterwards they can be invited', async () => {
    rig.employ('sam');
    const invitation = await rig.stage.cast.invite('sam@acme.example');
    const visitor = rig.stage.visitor();
    const { claims } = await visitor.redeem(await visitor.signInAtIdp(await visitor.accept(invitation), 'sam'));
    expect(claims.org_id).toBe(rig.stage.cast.acme.id);
  });

  test('a plan is not written over a file that is there', async () => {
    const run = await rig.run('sweep', 'plan', '--organization', 'acme', '--out', file('first.jsonl'));
    expect(run.code).toBe(2);
  });
});
