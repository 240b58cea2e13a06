/**
 * Ten logins of one stranger at the same moment, with people who are invited and a member of long standing among them: the stranger is out
 * of every one, and no member after the next sweep at the latest; everybody else is in.
 */
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { hasOpenssl } from '../support/certificate.js';
import { answerWhenFree, useGuardRig } from '../support/guard-rig.js';

const available = hasOpenssl();

describe.skipIf(!available)('a race at the guard', () => {
  const rig = useGuardRig();
  beforeAll(async () => {
    const run = await rig.install('--auto-membership');
    expect(run.code, run.stderr).toBe(0);
  });

  test('no stranger is in, no invited person is out', { timeout: 120_000 }, async () => {
    const dana = await rig.stage.cast.createMember('dana@acme.example');
    const sam = rig.employ('sam');
    const guests = ['gus', 'gil', 'gem'].map((name, index) => ({ name, id: rig.employ(name), hasRole: index === 0 }));
    const invitations = new Map<string, Awaited<ReturnType<typeof rig.stage.cast.invite>>>();
    for (const { name, hasRole } of guests) {
      const roles = hasRole ? {} : { roles: [] };
      invitations.set(name, await rig.stage.cast.invite(`${name}@acme.example`, roles));
    }
    const accept = (name: string) =>
      answerWhenFree(async () => {
        const invitation = invitations.get(name);
        if (invitation === undefined) throw new Error(`${name} is not invited`);
        const visitor = rig.stage.visitor();
        return visitor.signInAtIdp(await visitor.accept(invitation), name);
      });
    const stranger = Array.from({ length: 10 }, () => rig.enter('sam'));
    const [refusals, entries] = await Promise.all([
      Promise.all(stranger),
      Promise.all([...guests.map(({ name }) => accept(name)), rig.enter('dana'), rig.enter('dana')]),
    ]);
    for (const answer of refusals) expect(answer).toMatchObject({ error: 'access_denied' });
    for (const answer of entries.slice(0, guests.length)) expect(answer.code).toBeDefined();
    // A login that sees another of the same person under way takes nothing back. If all ten do, the sweep does it.
    await rig.untilRemoved();
    const file = join(rig.folder, 'race.jsonl');
    const { people } = await rig.json<{ people: { user_id: string; action: string }[] }>(
      ...['sweep', 'plan', '--organization', 'acme', '--min-age', '0', '--out', file],
    );
    expect(people.filter(({ user_id }) => user_id !== sam)).toEqual([]);
    await rig.json('sweep', 'apply', file);
    await rig.untilNoMember(sam);
    for (const { id } of guests) expect(await rig.isMember(id), id).toBe(true);
    // One of two first logins at once may be told to try again; the next one is let in.
    const visitor = rig.stage.visitor();
    const { claims } = await visitor.redeem(await visitor.throughSso('dana', 'dana@acme.example'));
    expect(claims.sub).toBe(dana);
    expect(entries.slice(guests.length).some((answer) => answer.code !== undefined)).toBe(true);
  });
});
