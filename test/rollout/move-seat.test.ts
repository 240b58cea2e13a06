/**
 * `vestibule rollout move-seat` against a real server: dry run, apply, rollback; interrupted at each place and run again; and what it refuses.
 * The effect of a moved membership on sign-ins is tested in test/scenarios/recreated-account.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runCommandLine } from '../../src/cli/program.js';
import type { World } from '../../src/cli/world.js';
import { systemClock } from '../../src/kernel/clock.js';
import { RemoteError } from '../../src/tenant-tools/remote/exchange.js';
import { connectTenant, type RemoteTenant } from '../../src/tenant-tools/remote/tenant.js';
import { openJournal } from '../../src/tenant-tools/rollout/journal.js';
import { applySeat, rollBackSeat } from '../../src/tenant-tools/rollout/seat/move-seat.js';
import { parseSeatFile, toSeatFile } from '../../src/tenant-tools/rollout/seat/seat-plan.js';
import { type Json, MANAGEMENT_CLIENT } from '../support/instance.js';
import { proveByCode, useStage } from '../support/stage.js';

const stage = useStage();
let folder: string;
let serial = 0;
let email: string;
let member: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vestibule-seat-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(async () => {
  serial += 1;
  email = `rita${serial}@acme.example`;
  file = join(folder, `${serial}.jsonl`);
  stage.cast.people.old = { sub: `old-${serial}`, email, email_verified: true };
  stage.cast.people.anew = { sub: `new-${serial}`, email, email_verified: true };
  member = await stage.cast.createMember(email);
  expect(await subjectOf('old')).toBe(member);
});

async function subjectOf(login: string): Promise<unknown> {
  const visitor = stage.visitor();
  return (await visitor.redeem(await visitor.throughSso(login, email))).claims.sub;
}

async function codeOf(login: string): Promise<unknown> {
  return (await stage.refusal(await stage.visitor().throughSso(login, email))).details.code;
}

async function run(...words: readonly string[]) {
  const lines = { out: [] as string[], note: [] as string[] };
  const world = {
    env: {
      VESTIBULE_URL: stage.instance.origin,
      VESTIBULE_MANAGEMENT_CLIENT_ID: MANAGEMENT_CLIENT.id,
      VESTIBULE_MANAGEMENT_CLIENT_SECRET: MANAGEMENT_CLIENT.secret,
    },
    out: (line: string) => lines.out.push(line),
    note: (line: string) => lines.note.push(line),
    width: 400,
    colourful: false,
  } as unknown as World;
  const code = await runCommandLine(['rollout', 'move-seat', ...words], world);
  return { code, out: lines.out.join('\n'), notes: lines.note };
}

const place = () => ['--organization', 'acme', '--connection', stage.cast.acme.connectionName];
const bySubject = () => [email, ...place(), '--subject', `new-${serial}`, '--plan', file];

describe('one person', () => {
  test('dry run, apply, rollback: each says what is done, and the sign-ins agree', async () => {
    const dry = await run(...bySubject(), '--dry-run', '--json');
    expect(dry.code).toBe(0);
    expect(JSON.parse(dry.out)).toMatchObject({
      dry_run: true,
      plan: { user_id: member, from: `old-${serial}`, to: { subject: `new-${serial}` } },
    });
    expect(await subjectOf('old'), 'nothing is done yet').toBe(member);

    const done = await run(...bySubject());
    expect([done.code, done.notes]).toEqual([0, []]);
    expect(done.out).toContain(`${email} is ${member} in acme, bound to the subject old-${serial}`);
    expect(done.out).toContain(`--rollback --plan ${file}`);
    expect(await codeOf('old')).toBe('resolve.seat_moved');
    expect(await subjectOf('anew')).toBe(member);
    expect((await run(...bySubject())).out, 'the same words again').toContain('The membership was moved already.');

    const waits = await run('--rollback', '--plan', file);
    expect(waits.code).toBe(1);
    expect(waits.notes).toEqual([
      `vestibule: Nothing was changed: ${email} has signed in with the new account since, and could not any more.`,
      'Say --end-new to put the old account back all the same.',
    ]);
    const back = await run('--rollback', '--plan', file, '--end-new', '--json');
    expect([back.code, JSON.parse(back.out)]).toMatchObject([0, { end: 'done' }]);
    expect(await subjectOf('old')).toBe(member);
    expect(await codeOf('anew')).toBe('admit.not_a_member');
    expect((await run('--rollback', '--plan', file)).out).toContain('There was nothing to take back');
  });

  test('by the address', async () => {
    expect((await run(email, ...place(), '--by-address', '--plan', file)).code).toBe(0);
    expect(await subjectOf('anew')).toBe(member);
  });

  test('the command that the log names does it', async () => {
    const { details } = await stage.refusal(await stage.visitor().throughSso('anew', email));
    const words = String((details.remedy as Json).command)
      .replaceAll("'", '')
      .split(' ');
    expect((await run(...words.slice(3), '--plan', file)).code).toBe(0);
    expect(await subjectOf('anew')).toBe(member);
  });

  test('a second account is named, taken in where it is said, and given back', async () => {
    const visitor = stage.visitor();
    const page = await visitor.signInAtIdp(await visitor.accept(await stage.cast.invite(email)), 'anew');
    const answer = page.status === 0 ? page : await proveByCode(visitor, page, await stage.mailedCode(email));
    const second = String((await visitor.redeem(answer)).claims.sub);
    const refused = await run(...bySubject());
    expect(refused.code).toBe(1);
    expect(refused.notes[0]).toContain(second);
    expect(refused.notes[1]).toContain('--absorb');
    const taken = `${file}.2`;
    const words = [email, ...place(), '--subject', `new-${serial}`, '--plan', taken, '--absorb', second];
    expect((await run(...words)).code).toBe(0);
    expect(await subjectOf('anew')).toBe(member);
    expect((await run('--rollback', '--plan', taken, '--end-new')).code).toBe(0);
    expect(await subjectOf('anew')).toBe(second);
  });
});

describe('interrupted, and run again', () => {
  type Cut = 'before' | 'after';

  /** A tenant of which the first write is cut off: before it arrives, or after it was done. */
  function cutting(remote: RemoteTenant, cut: Cut): RemoteTenant {
    let isCut = false;
    return {
      ...remote,
      async send(...call) {
        if (isCut) return remote.send(...call);
        isCut = true;
        if (cut === 'after') await remote.send(...call);
        throw new RemoteError('unknown', 'the line is dead');
      },
    };
  }

  const connect = () =>
    connectTenant({
      origin: stage.instance.origin,
      clientId: MANAGEMENT_CLIENT.id,
      clientSecret: MANAGEMENT_CLIENT.secret,
    });

  async function withSeat<T>(remote: RemoteTenant, work: (seat: Parameters<typeof applySeat>[0]) => Promise<T>) {
    const { plan, digest } = parseSeatFile(await readFile(file, 'utf8'));
    const journal = await openJournal(`${file}.journal`, digest, systemClock);
    try {
      return await work({ plan, remote, journal });
    } finally {
      await journal.close();
    }
  }

  test.each(['before', 'after'] as const)('apply and rollback, cut off %s the tenant did it', async (cut) => {
    await run(...bySubject(), '--dry-run');
    const remote = await connect();
    await expect(withSeat(cutting(remote, cut), applySeat)).rejects.toThrow('the line is dead');
    const again = await run(...bySubject(), '--json');
    expect([again.code, JSON.parse(again.out).end]).toEqual([0, cut === 'before' ? 'done' : 'already']);
    expect(await codeOf('old')).toBe('resolve.seat_moved');

    await expect(withSeat(cutting(remote, cut), (seat) => rollBackSeat(seat, false))).rejects.toThrow('dead');
    expect((await run(...bySubject())).code, 'no new apply into a rollback').toBe(1);
    expect((await run('--rollback', '--plan', file)).code).toBe(0);
    expect(await subjectOf('old')).toBe(member);
    const { rows } = await stage.instance.database.pool.query('select 1 from moved_identities where user_id = $1', [
      member,
    ]);
    expect(rows).toEqual([]);
  });
});

describe('refused before anything is done', () => {
  const first = async (...words: readonly string[]) => {
    const { code, notes } = await run(...words);
    expect(notes).toHaveLength(2);
    return [code, notes[0]];
  };

  test('wrong words', async () => {
    expect(await first('nobody')).toEqual([2, 'vestibule: "nobody" is not an e-mail address.']);
    expect(await first(email, ...place())).toEqual([2, expect.stringContaining('--subject or --by-address')]);
    expect(await first(...bySubject(), '--by-address')).toEqual([2, expect.stringContaining('one of the two')]);
    expect(await first(email, '--subject', 'x')).toEqual([2, expect.stringContaining('--organization')]);
    expect(await first('--rollback')).toEqual([2, expect.stringContaining('needs the file')]);
    expect(await first('--rollback', '--plan', join(folder, 'none'))).toEqual([2, expect.stringContaining('no file')]);
    expect(await first('sam@acme.example', ...place(), '--subject', 'x', '--plan', file)).toEqual([
      2,
      expect.stringContaining('No member of acme'),
    ]);
  });

  test('a file that was changed, or of another move', async () => {
    await run(...bySubject(), '--dry-run');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(`"new-${serial}"`, '"mallory"'));
    expect(await first(...bySubject())).toEqual([2, expect.stringContaining('its digest does not fit')]);
    await writeFile(file, text);
    const other = [email, ...place(), '--subject', 'another', '--plan', file];
    expect(await first(...other)).toEqual([2, expect.stringContaining('the plan of another move')]);
    const { plan } = parseSeatFile(text);
    await writeFile(file, toSeatFile({ ...plan, tenant: { origin: 'https://other.example' } }).text);
    expect(await first(...bySubject())).toEqual([2, expect.stringContaining('The plan is for https://other.example')]);
    expect(await first('--rollback', '--plan', file)).toEqual([2, expect.stringContaining('https://other.example')]);
    expect(await subjectOf('old')).toBe(member);
  });

  test('the ground moved since the plan', async () => {
    await run(...bySubject(), '--dry-run');
    const identity = `oidc/${encodeURIComponent(`${stage.cast.acme.connectionName}|old-${serial}`)}`;
    const path = `/users/${encodeURIComponent(member)}/identities/${identity}/move`;
    const { identity_id: id } = await stage.instance.api('POST', path, { subject: 'by-hand' });
    expect(await first(...bySubject())).toEqual([1, expect.stringContaining('moved by somebody else')]);
    await stage.instance.api('POST', `/users/${encodeURIComponent(member)}/moved-identities/${id}/restore`, {});
    await stage.instance.api('DELETE', `/users/${encodeURIComponent(member)}/identities/${identity}`);
    expect(await first(...bySubject())).toEqual([1, expect.stringContaining('is bound to nothing')]);
  });
});
