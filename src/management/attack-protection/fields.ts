/** Auth0's settings of attack protection as they are stored, and their conversion into this server's rules. */
import {
  type AttemptRules,
  MOST_FROM_ANYWHERE,
  MOST_FROM_NETWORK,
  type NetworkRule,
  OWN_LIMITS,
} from '../../domain/attempt-rules.js';

/** The settings of `/attack-protection/brute-force-protection`. */
export interface BruteForceSettings {
  readonly enabled: boolean;
  readonly shields: readonly ('block' | 'user_notification')[];
  readonly mode: 'count_per_identifier_and_ip' | 'count_per_identifier';
  readonly allowlist: readonly string[];
  readonly max_attempts: number;
}

/** Attempts permitted at once, and the time after which another one is granted, in milliseconds. */
interface StageSettings {
  readonly max_attempts: number;
  readonly rate: number;
}

/** The settings of `/attack-protection/suspicious-ip-throttling`. */
export interface ThrottlingSettings {
  readonly enabled: boolean;
  readonly shields: readonly ('block' | 'admin_notification')[];
  readonly allowlist: readonly string[];
  readonly stage: { readonly 'pre-login': StageSettings; readonly 'pre-user-registration': StageSettings };
}

/** The stored settings. A part that was never written has its default. */
export interface StoredProtection {
  readonly brute_force?: BruteForceSettings;
  readonly throttling?: ThrottlingSettings;
}

/** This server's own limits, expressed as Auth0's settings. */
export const BRUTE_FORCE_DEFAULT: BruteForceSettings = {
  enabled: true,
  shields: ['block'],
  mode: 'count_per_identifier_and_ip',
  allowlist: [],
  max_attempts: 10,
};

/** Off: this server's own limits for networks use windows that Auth0's settings cannot express. */
export const THROTTLING_DEFAULT: ThrottlingSettings = {
  enabled: false,
  shields: [],
  allowlist: [],
  stage: {
    'pre-login': { max_attempts: 100, rate: 864_000 },
    'pre-user-registration': { max_attempts: 50, rate: 1_200 },
  },
};

/** True when the settings block; otherwise they only watch, as on Auth0. */
export const isBlocking = (settings: Pick<BruteForceSettings | ThrottlingSettings, 'enabled' | 'shields'>): boolean =>
  settings.enabled && (settings.shields as readonly string[]).includes('block');

/** Returns the time in which `max_attempts` are granted, in milliseconds. */
export const windowOf = ({ max_attempts: most, rate }: StageSettings): number => most * rate;

function toNetworkRule(stage: StageSettings): NetworkRule {
  return { most: stage.max_attempts, windowSeconds: Math.ceil(windowOf(stage) / 1_000) };
}

function toPasswordRule(settings: BruteForceSettings): NonNullable<AttemptRules['passwords']> {
  // Switched off: the widest limit that this server permits. The limit from everywhere still applies.
  if (!isBlocking(settings)) return { most: MOST_FROM_NETWORK, countedFor: 'machine' };
  const perMachine = settings.mode === 'count_per_identifier_and_ip';
  // A row written around the API does not exceed the limits.
  const bound = perMachine ? MOST_FROM_NETWORK : MOST_FROM_ANYWHERE;
  return { most: Math.min(settings.max_attempts, bound), countedFor: perMachine ? 'machine' : 'everywhere' };
}

/** Converts the settings into the rules that a login applies. */
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
