/**
 * The names of people's factors. The first page shows them in the log, so this is a small table of its own. Words only.
 */

/** By Auth0's type of the method, and by the name of the switch where it differs. */
const NAMES: Readonly<Record<string, string>> = {
  otp: 'Authenticator app',
  totp: 'Authenticator app',
  passkey: 'Passkey',
  'webauthn-platform': 'Passkey or this device',
  'webauthn-roaming': 'Security key',
  'recovery-code': 'Recovery code',
  email: 'Code by mail',
};

/** Returns the name of a factor of a person. An unknown type is its own name. */
export const tellFactor = (type: string): string => (Object.hasOwn(NAMES, type) ? NAMES[type] : undefined) ?? type;
