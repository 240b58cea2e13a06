/**
 * A sweep on a tenant whose removals take effect later, as Auth0's do: rolled back at once, the members stay, although the
 * removal was still on its way.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { hasOpenssl } from '../support/certificate.js';
import { useGuardRig } from '../support/guard-rig.js';
import { leaveStrangers } from '../support/left-strangers.js';

const available = hasOpenssl();
const REMOVAL_MS = 4_000;

describe.skipIf(!available)('a sweep on a tenant with delays', { timeout: 120_000 }, () => {
  const rig = useGuardRig({ member_removal_ms: REMOVAL_MS, read_lag_ms: 200, added_while_removed: 'is_removed' });
  let strangers: readonly string[];
  beforeAll(async () => {
    strangers = await leaveStrangers(rig, 'sam', 12);
  }, 180_000);

  test('rolled back at once, all are members in the end', { timeout: 90_000 }, async () => {
    const file = join(rig.folder, 'sweep.jsonl');
    await rig.json('sweep', 'plan', '--organization', 'acme', '--min-age', '0', '--out', file);
    expect(await rig.json('sweep', 'apply', file)).toMatchObject({ removed: strangers.length });
    expect(await rig.json('sweep', 'rollback', file)).toMatchObject({ restored: strangers.length, already: 0 });
    await sleep(REMOVAL_MS);
    for (const userId of strangers) expect(await rig.isMember(userId), userId).toBe(true);
  });
});
