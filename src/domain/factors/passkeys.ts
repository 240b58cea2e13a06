/**
 * Passkeys as a way to sign in: the options of a database connection. Pure; a passkey proves an account, and admits nobody
 * to an organization.
 */
import type { Connection } from '../tenant.js';

export interface PasskeySettings {
  /** How the address page asks: in the field for the address, by a button, or both. */
  readonly ui: 'both' | 'autofill' | 'button';
  /** True when a passkey is offered after a sign-in with a password. */
  readonly isOfferedAfterPassword: boolean;
  /** True when a passkey of this device is offered after a sign-in with that of another. */
  readonly isOfferedHere: boolean;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns the settings of a database connection with passkeys; undefined for any other. Absent ones are Auth0's. */
export function passkeysOf({
  strategy,
  options,
}: Pick<Connection, 'strategy' | 'options'>): PasskeySettings | undefined {
  const { authentication_methods: methods, passkey_options: settings } = options;
  const passkey = isRecord(methods) ? methods.passkey : undefined;
  if (strategy !== 'auth0' || !isRecord(passkey) || passkey.enabled !== true) return undefined;
  const given = isRecord(settings) ? settings : {};
  const { challenge_ui: ui } = given;
  return {
    ui: ui === 'autofill' || ui === 'button' ? ui : 'both',
    isOfferedAfterPassword: given.progressive_enrollment_enabled !== false,
    isOfferedHere: given.local_enrollment_enabled !== false,
  };
}
