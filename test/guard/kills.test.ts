/**
 * `kill -9` of `guard sweep apply` and `rollback`, again and again, at instants that move through the work: run once more, the end is the
 * same as without it, and nobody else was touched.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { hasOpenssl } from '../support/certificate.js';
import { useGuardRig } from '../support/guard-rig.js';
import { leaveStrangers } from '../support/left-strangers.js';

const available = hasOpenssl();
const STRANGERS = 65;

describe.skipIf(!available)('guard sweep, killed', () => {
  const rig = useGuardRig();
  const file = () => join(rig.folder, 'sweep.jsonl');
  let strangers: readonly string[];
  let dana: string;

  const members = async () => {
    const { acme } = rig.stage.cast;
    const path = `/organizations/${acme.id}/members?take=100`;
    const list = await rig.stage.instance.api<{ members: { user_id: string }[] }>('GET', path);
    return list.members.map(({ user_id }) => user_id).sort();
  };
  const journal = async () => {
    const text = await readFile(`${file()}.journal`, 'utf8').catch(() => '');
    return text.split('\n').filter((line) => line !== '').length;
  };

  /** Kills the command when its journal has grown by so many lines. Returns whether it ended before. */
  async function killAfter(lines: number, ...args: string[]): Promise<boolean> {
    const from = await journal();
    return rig.runUntil(async () => (await journal()) >= from + lines, ...args);
  }

  async function untilDone(...args: string[]): Promise<number> {
    let kills = 0;
    // Each round gets one or two requests further, so it ends.
    while (!(await killAfter(1 + (kills % 3), ...args))) {
      kills += 1;
      if (kills > 40) throw new Error('it never came to an end');
    }
    return kills;
  }

  beforeAll(async () => {
    dana = await rig.stage.cast.createMember('dana@acme.example');
    strangers = await leaveStrangers(rig, 'sam', STRANGERS);
    await rig.json('sweep', 'plan', '--organization', 'acme', '--min-age', '0', '--out', file());
  }, 90_000);

  test('apply: all strangers are removed, and nobody else', { timeout: 240_000 }, async () => {
    // On a busy machine the command is further than was seen: fewer kills, but some.
    expect(await untilDone('sweep', 'apply', file())).toBeGreaterThan(0);
    expect(await members()).toEqual([dana]);
    const end = await rig.json<{ removed: number; skipped: unknown[] }>('sweep', 'apply', file());
    expect(end).toMatchObject({ removed: STRANGERS, skipped: [] });
  });

  test('rollback: all are members again', { timeout: 240_000 }, async () => {
    expect(await untilDone('sweep', 'rollback', file())).toBeGreaterThan(0);
    expect(await members()).toEqual([dana, ...strangers].sort());
  });
});
