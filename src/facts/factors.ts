/**
 * The kinds of second factors, one row each: facts that validation, pages, Actions, console and docs share. The key is
 * the name in Auth0's `guardian/factors` and in the database. Only data.
 */

export interface FactorFacts {
  /** The name of the factor for operators. */
  readonly label: string;
  /** `type` in Auth0's `users/{id}/authentication-methods`. */
  readonly method: string;
  /** `type` in Actions: `enrolledFactors`, `challengeWith`. */
  readonly actionType: string;
  /** False for a factor that counts only beside another one (Auth0, "dependent factors"). */
  readonly isIndependent: boolean;
  /** Why this server does not have it; absent when it does. */
  readonly missing?: string;
}

export const FACTORS = {
  sms: {
    ...{ label: 'Text message', method: 'phone', actionType: 'phone', isIndependent: true },
    missing: 'This server sends no text messages. Use an authenticator app (`otp`) or a security key instead.',
  },
  'push-notification': {
    ...{ label: 'Push notification', method: 'push', actionType: 'push-notification', isIndependent: true },
    missing: 'Push notifications need an app of Auth0. Use an authenticator app (`otp`) instead.',
  },
  otp: { label: 'Authenticator app', method: 'totp', actionType: 'otp', isIndependent: true },
  email: { label: 'Code by mail', method: 'email', actionType: 'email', isIndependent: false },
  duo: {
    ...{ label: 'Duo', method: 'duo', actionType: 'duo', isIndependent: true },
    missing: 'Duo is not supported. Use an authenticator app (`otp`) or a security key instead.',
  },
  'webauthn-roaming': {
    ...{ label: 'Security key', method: 'webauthn-roaming', actionType: 'webauthn-roaming', isIndependent: true },
  },
  'webauthn-platform': {
    ...{
      label: 'Passkey or this device',
      method: 'webauthn-platform',
      actionType: 'webauthn-platform',
      isIndependent: false,
    },
  },
  'recovery-code': {
    ...{ label: 'Recovery code', method: 'recovery-code', actionType: 'recovery-code', isIndependent: false },
  },
} as const satisfies Readonly<Record<string, FactorFacts>>;

/** A name in `guardian/factors`. */
export type FactorName = keyof typeof FACTORS;

/** All names, in the order of Auth0's answer. */
export const FACTOR_NAMES = Object.keys(FACTORS) as readonly FactorName[];

/** The words for kinds of factors in `challengeWith` and `enrollWith`; `push` is another word for `push-notification`. */
export const ACTION_FACTOR_TYPES: readonly string[] = [
  ...FACTOR_NAMES.map((name) => FACTORS[name].actionType),
  'push',
].filter((type) => type !== 'duo');

/** Finds the factor that Actions call by this word; undefined for one that this server does not have. */
export function findActionFactor(type: string): SupportedFactor | undefined {
  return SUPPORTED_FACTORS.find((name) => FACTORS[name].actionType === type);
}

/** The factors that this server has. */
export type SupportedFactor = Exclude<FactorName, 'sms' | 'push-notification' | 'duo'>;

/** The names of the factors that this server has, in the order of the table. */
export const SUPPORTED_FACTORS = FACTOR_NAMES.filter(
  (name) => !('missing' in FACTORS[name]),
) as readonly SupportedFactor[];

/** A kind of stored factor: those of the table, and a passkey, which is also a way to sign in. */
export type FactorKind = SupportedFactor | 'passkey';
