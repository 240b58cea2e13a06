/**
 * `/attack-protection`: the tenant's limits for login attempts. Every login reads them with the tenant's row, so a
 * change applies on all nodes at once. Must never store a limit that the login would not apply: such a limit is refused
 * with a sentence.
 */
import { LONGEST_WINDOW_SECONDS, MOST_FROM_NETWORK } from '../../domain/attempt-rules.js';
import { badBody } from '../api/errors.js';
import type { Call, Operation, Reply, Wire } from '../api/operation.js';
import { listOf, replyOf, wordOf } from '../api/wire.js';
import {
  BRUTE_FORCE_DEFAULT,
  type BruteForceSettings,
  isBlocking,
  type StoredProtection,
  THROTTLING_DEFAULT,
  type ThrottlingSettings,
  windowOf,
} from './fields.js';

/** Auth0's own maximum. The list must be short, since it is in the tenant's row, which every login reads. */
const MOST_ALLOWED_NETWORKS = 100;

type ThrottlingBody = Partial<Omit<ThrottlingSettings, 'stage'>> & {
  readonly stage?: Partial<ThrottlingSettings['stage']>;
};

function checkAllowlist(allowlist: readonly string[]): void {
  if (allowlist.length > MOST_ALLOWED_NETWORKS)
    throw badBody(`allowlist takes at most ${MOST_ALLOWED_NETWORKS} addresses and networks.`);
}

function mergeBruteForce(before: BruteForceSettings, body: Partial<BruteForceSettings>): BruteForceSettings {
  const after = { ...before, ...body };
  checkAllowlist(after.allowlist);
  const isPerNetwork = after.mode === 'count_per_identifier_and_ip';
  // Attack: one network uses up all attempts that an address has from everywhere, and so locks its owner out.
  if (isBlocking(after) && isPerNetwork && after.max_attempts > MOST_FROM_NETWORK)
    throw badBody(
      `max_attempts takes at most ${MOST_FROM_NETWORK} with mode count_per_identifier_and_ip: more from one network is never allowed here. Use count_per_identifier, or a smaller number.`,
    );
  return after;
}

function mergeThrottling(before: ThrottlingSettings, body: ThrottlingBody): ThrottlingSettings {
  const stage = {
    'pre-login': { ...before.stage['pre-login'], ...body.stage?.['pre-login'] },
    'pre-user-registration': { ...before.stage['pre-user-registration'], ...body.stage?.['pre-user-registration'] },
  };
  const after = { ...before, ...body, stage };
  checkAllowlist(after.allowlist);
  for (const [name, settings] of Object.entries(stage))
    if (windowOf(settings) > LONGEST_WINDOW_SECONDS * 1_000)
      throw badBody(
        `stage.${name}: max_attempts times rate is longer than a day (${LONGEST_WINDOW_SECONDS * 1_000} ms), and tries are counted for a day at most. Lower one of them.`,
      );
  return after;
}

interface Part<Settings> {
  readonly path: string;
  readonly title: string;
  readonly key: keyof StoredProtection;
  readonly reply: Operation['reply'];
  readonly fallback: Settings;
  readonly merge: (before: Settings, body: Partial<Settings>) => Settings;
}

function operationsOf<Settings>({ path, title, key, reply, fallback, merge }: Part<Settings>): Operation[] {
  const declared = { path: `/attack-protection/${path}`, status: 200, refusals: [], ...(reply && { reply }) } as const;
  const partOf = (stored: StoredProtection) => (stored[key] ?? fallback) as Settings;
  const update = async (call: Call): Promise<Reply> => {
    const { tenant } = call.directory;
    const stored = await tenant.getProtectionForUpdate();
    const after = merge(partOf(stored), call.body as Partial<Settings>);
    await tenant.replaceProtection({ ...stored, [key]: after });
    return { body: after as Wire };
  };
  return [
    {
      ...declared,
      method: 'get',
      summary: `Get the settings of ${title}`,
      run: async (call) => ({ body: partOf(await call.directory.tenant.getProtection()) as Wire }),
    },
    { ...declared, method: 'patch', summary: `Update the settings of ${title}`, run: update },
  ];
}

const STAGE = replyOf({ max_attempts: 'integer', rate: 'number' });
const SHARED = { enabled: 'boolean', allowlist: listOf('string') } as const;

/** Returns the operations on the parts of `/attack-protection` that exist here. */
export function attackProtectionOperations(): Operation[] {
  return [
    ...operationsOf<BruteForceSettings>({
      path: 'brute-force-protection',
      title: 'brute-force protection',
      key: 'brute_force',
      reply: {
        ...replyOf({
          ...SHARED,
          shields: listOf(wordOf('block', 'user_notification')),
          mode: wordOf('count_per_identifier_and_ip', 'count_per_identifier'),
          max_attempts: 'integer',
        }),
        additionalProperties: false,
      },
      fallback: BRUTE_FORCE_DEFAULT,
      merge: mergeBruteForce,
    }),
    ...operationsOf<ThrottlingSettings>({
      path: 'suspicious-ip-throttling',
      title: 'suspicious IP throttling',
      key: 'throttling',
      reply: {
        ...replyOf({
          ...SHARED,
          shields: listOf(wordOf('block', 'admin_notification')),
          stage: replyOf({ 'pre-login': STAGE, 'pre-user-registration': STAGE }),
        }),
        additionalProperties: false,
      },
      fallback: THROTTLING_DEFAULT,
      merge: mergeThrottling as Part<ThrottlingSettings>['merge'],
    }),
  ];
}
