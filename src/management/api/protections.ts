/**
 * Auth0's settings that promise a check which this server does not make. Turning one on is refused: stored without
 * effect, it would let its owner believe that a request without a signature, or a stolen token, is useless. Turned off,
 * such a setting is stored like any other.
 */
import { notSupported } from './errors.js';
import type { Wire } from './operation.js';

/** True for a value that turns the setting on. */
type IsOn = (value: unknown) => boolean;

const isTrue: IsOn = (value) => value === true;
const isRequired: IsOn = (value) => (value as Wire | null | undefined)?.required === true;
const isGiven: IsOn = (value) => value !== undefined && value !== null;
const isLevel: IsOn = (value) => isGiven(value) && value !== 'none';

/** Protections of a client: the request's property, and the test whether its value turns the protection on. */
export const CLIENT_PROTECTIONS: Readonly<Record<string, IsOn>> = {
  signed_request_object: isRequired,
  require_pushed_authorization_requests: isTrue,
  require_proof_of_possession: isTrue,
  compliance_level: isLevel,
};

export const API_PROTECTIONS: Readonly<Record<string, IsOn>> = {
  proof_of_possession: isRequired,
  token_encryption: isGiven,
};

/** Throws 400 when `body` turns on one of the protections in `table`. */
export function checkProtections(table: Readonly<Record<string, IsOn>>, body: object): void {
  const wanted = Object.entries(table).find(([name, isOn]) => isOn((body as Wire)[name]));
  if (wanted === undefined) return;
  throw notSupported(`${wanted[0]}: this server does not check it, so it cannot be turned on. Leave it out.`);
}
