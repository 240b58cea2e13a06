/** The settings of attack protection in Auth0's words, as they are stored, and how they become ours. */
import {
  type AttemptRules,
  MOST_FROM_ANYWHERE,
  MOST_FROM_NETWORK,
  type NetworkRule,
  OWN_LIMITS,
} from '../../domain/attempt-rules.js';

/** `/attack-protection/brute-force-protection`. */
export interface BruteForceSettings {
  readonly enabled: boolean;
  readonly shields: readonly ('block' | 'user_notification')[];
  readonly mode: 'count_per_identifier_and_ip' | 'count_per_identifier';
  readonly allowlist: readonly string[];
  readonly max_attempts: number;
}

/** Tries that somebody may have at once, and the time after which a further one is granted, in milliseconds. */
interface StageSettings {
  readonly max_attempts: number;
  readonly rate: number;
}

/** `/attack-protection/suspicious-ip-throttling`. */
export interface ThrottlingSettings {
  readonly enabled: boolean;
  readonly shields: readonly ('block' | 'admin_notification')[];
  readonly allowlist: readonly string[];
  readonly stage: { readonly 'pre-login': StageSettings; readonly 'pre-user-registration': StageSettings };
}

/** The settings that were written; a part that was never written has its default. */
export interface StoredProtection {
  readonly brute_force?: BruteForceSettings;
  readonly throttling?: ThrottlingSettings;
}

/** This server's own limits, in these words. */
export const BRUTE_FORCE_DEFAULT: BruteForceSettings = {
  enabled: true,
  shields: ['block'],
  mode: 'count_per_identifier_and_ip',
  allowlist: [],
  max_attempts: 10,
};

/** Off: this server's own limits for networks count in windows that these words cannot say. */
export const THROTTLING_DEFAULT: ThrottlingSettings = {
  enabled: false,
  shields: [],
  allowlist: [],
  stage: {
    'pre-login': { max_attempts: 100, rate: 864_000 },
    'pre-user-registration': { max_attempts: 50, rate: 1_200 },
  },
};

/** True where the settings stop somebody; else they only watch, as Auth0 has it. */
export const isBlocking = (settings: Pick<BruteForceSettings | ThrottlingSettings, 'enabled' | 'shields'>): boolean =>
  settings.enabled && (settings.shields as readonly string[]).includes('block');

/** The time in which `max_attempts` are granted, in milliseconds. */
export const windowOf = ({ max_attempts: most, rate }: StageSettings): number => most * rate;

function toNetworkRule(stage: StageSettings): NetworkRule {
  return { most: stage.max_attempts, windowSeconds: Math.ceil(windowOf(stage) / 1_000) };
}

function toPasswordRule(settings: BruteForceSettings): NonNullable<AttemptRules['passwords']> {
  // Switched off, it is as wide as this server allows; the bound from everywhere stays.
  if (!isBlocking(settings)) return { most: MOST_FROM_NETWORK, countedFor: 'machine' };
  const perMachine = settings.mode === 'count_per_identifier_and_ip';
  // A row that was written around the API does not widen the bounds.
  const bound = perMachine ? MOST_FROM_NETWORK : MOST_FROM_ANYWHERE;
  return { most: Math.min(settings.max_attempts, bound), countedFor: perMachine ? 'machine' : 'everywhere' };
}

/** The rules that a login gets. */
export function toAttemptRules({ brute_force: bruteForce, throttling }: StoredProtection): AttemptRules {
  return {
    ...OWN_LIMITS,
    ...(bruteForce && {
      passwords: toPasswordRule(bruteForce),
      trustedForAddress: bruteForce.allowlist,
      mailsOwner: bruteForce.enabled && bruteForce.shields.includes('user_notification'),
    }),
    ...(throttling && { trustedForNetwork: throttling.allowlist }),
    ...(throttling &&
      isBlocking(throttling) && {
        forNetworks: {
          password: toNetworkRule(throttling.stage['pre-login']),
          'sign-up-mail': toNetworkRule(throttling.stage['pre-user-registration']),
        },
      }),
  };
}
