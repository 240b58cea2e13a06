/** The factors that people can set up at sign-in, in the console's words, with Auth0's names. Words only. */
import { FACTORS, type FactorName } from '../../facts/factors.js';
import type { Choice } from '../parts/form-fields.js';

const ABOUT = {
  otp: 'A six-digit code from an app on the phone.',
  'webauthn-platform':
    'A fingerprint, a face or a PIN on the person’s own device. Needs an app or security keys beside it.',
  'webauthn-roaming': 'A key that is plugged in or held to the phone.',
  email:
    'A code to the verified address of the account. The weakest one: it counts only beside an app or a security key.',
  'recovery-code': 'Shown once, when a person sets up their first factor, for the day on which they lose their device.',
} as const satisfies Partial<Record<FactorName, string>>;

/** A factor that the console can switch on. */
export type OfferedFactor = keyof typeof ABOUT;

const LABELS: Readonly<Record<OfferedFactor, string>> = {
  otp: 'Authenticator app',
  'webauthn-platform': 'Passkey or this device',
  'webauthn-roaming': 'Security key',
  email: 'Code by mail',
  'recovery-code': 'Recovery code',
};

export const OFFERED_FACTORS = Object.keys(ABOUT) as readonly OfferedFactor[];

export const isOffered = (name: string): name is OfferedFactor => Object.hasOwn(ABOUT, name);

/** True if the factor counts alone. Without such a factor, nobody can be required to have one. */
export const countsAlone = (name: OfferedFactor): boolean => FACTORS[name].isIndependent;

/** The choices of a form, each with Auth0's name. */
export const FACTOR_CHOICES: readonly Choice[] = OFFERED_FACTORS.map((value) => ({
  value,
  label: LABELS[value],
  description: `${ABOUT[value]} On Auth0: ${value}.`,
}));
