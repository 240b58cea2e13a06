/**
 * Random histories at the guard: no membership is lost that nobody took away, no invitation is lost, and no stranger is in. A few of them here; as
 * many as wanted with `GUARD_HISTORIES=10000 GUARD_SEED=1 npm run soak:guard`, which says where it is: a run that was cut off goes on from there.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { DoubleFacts } from '../../src/double/facts.js';
import { hasOpenssl } from '../support/certificate.js';
import { useGuardRig } from '../support/guard-rig.js';
import { connect, HistoryPlayer, makeImpatient } from './history.js';

const available = hasOpenssl();
const HISTORIES = Number(process.env.GUARD_HISTORIES ?? 6);
const FIRST_SEED = Number(process.env.GUARD_SEED ?? 1);
/** Of one history, on a machine with much else to do. */
const LONGEST_MS = 40_000;
const LENGTH = 14;

const TENANTS: readonly (readonly [string, Partial<DoubleFacts>])[] = [
  ['the likeliest tenant', {}],
  ['every open question the other way', { added_while_removed: 'is_removed', member_invited: 'no_op' }],
];

describe.skipIf(!available).each(TENANTS)('random histories at the guard: %s', (name, facts) => {
  const rig = useGuardRig(facts);
  beforeAll(async () => {
    const run = await rig.install('--auto-membership', '--mark-members', 'never');
    expect(run.code, run.stderr).toBe(0);
    await makeImpatient(rig);
  });

  test('no seat is lost, and no stranger is in', { timeout: HISTORIES * LONGEST_MS }, async () => {
    const tenant = await connect(rig);
    for (let seed = FIRST_SEED; seed < FIRST_SEED + HISTORIES; seed += 1) {
      await new HistoryPlayer(rig, tenant, seed).run(LENGTH);
      if ((seed - FIRST_SEED + 1) % 50 === 0) process.stdout.write(`${name}: GUARD_SEED=${seed + 1} is next\n`);
    }
  });
});
