/**
 * Auth0's settings of attack protection as they are stored, and their conversion into this server's rules for attempts.
 */
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

/** `max_attempts`: attempts permitted at once. `rate`: milliseconds after which another attempt is granted. */
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

/**
 * Off by default: this server then applies its own limits for networks, whose time windows Auth0's settings cannot
 * express.
 */
export const THROTTLING_DEFAULT: ThrottlingSettings = {
  enabled: false,
  shields: [],
  allowlist: [],
  stage: {
    'pre-login': { max_attempts: 100, rate: 864_000 },
    'pre-user-registration': { max_attempts: 50, rate: 1_200 },
  },
};

/** True when the settings block attempts. Otherwise they only watch, as on Auth0. */
export const isBlocking = (settings: Pick<BruteForceSettings | ThrottlingSettings, 'enabled' | 'shields'>): boolean =>
  settings.enabled && (settings.shields as readonly string[]).includes('block');

/** Returns the milliseconds in which `max_attempts` attempts are granted. */
export const windowOf = ({ max_attempts: most, rate }: StageSettings): number => most * rate;

function toNetworkRule(stage: StageSettings): NetworkRule {
  return { most: stage.max_attempts, windowSeconds: Math.ceil(windowOf(stage) / 1_000) };
}

function toPasswordRule(settings: BruteForceSettings): NonNullable<AttemptRules['passwords']> {
  // Protection is off: applies the largest limit that this server permits. The limit for attempts from all networks
  // together still applies.
  if (!isBlocking(settings)) return { most: MOST_FROM_NETWORK, countedFor: 'machine' };
  const perMachine = settings.mode === 'count_per_identifier_and_ip';
  // The API refuses larger numbers. This limits a row that was written directly in the database.
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
