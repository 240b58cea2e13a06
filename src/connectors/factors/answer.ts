/**
 * The answer of a browser's WebAuthn API, parsed: size, shape and encoding. Never throws, and knows nothing of what the
 * answer is worth.
 */
import { isWithinBounds } from '../../kernel/json-bounds.js';

/** An answer to `create` has about 1 kB, with an RSA key 2 kB. */
const MAX_ANSWER_CHARACTERS = 16_384;
const BOUNDS = { depth: 6, values: 200 };
/** WebAuthn section 7.1, step 25. */
const MAX_CREDENTIAL_ID_BYTES = 1023;
const MAX_TRANSPORTS = 8;

type Members = Readonly<Record<string, unknown>>;

/** The parts of every answer. Texts are base64url, not empty. */
interface Answer {
  readonly id: string;
  readonly clientData: string;
}

export interface RegistrationAnswer extends Answer {
  readonly attestation: string;
  readonly transports: readonly string[];
}

export interface AssertionAnswer extends Answer {
  readonly authenticatorData: string;
  readonly signature: string;
  readonly userHandle?: string;
  /** True when the browser says that the authenticator is not part of this device. */
  readonly isDetached: boolean;
}

/** True for a JSON object. */
export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Returns `value` if it is the one way to write its bytes. Attack: two spellings of one credential id are two
 * credentials for a comparison of texts, and one for the authenticator.
 */
function parseBase64url(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  return Buffer.from(value, 'base64url').toString('base64url') === value ? value : undefined;
}

function parseJson(text: string): Members | undefined {
  if (text.length > MAX_ANSWER_CHARACTERS) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && isWithinBounds(value, BOUNDS) ? value : undefined;
  } catch {
    return undefined;
  }
}

function parseAnswer(text: string): (Answer & { readonly members: Members; readonly isDetached: boolean }) | undefined {
  const credential = parseJson(text);
  if (credential === undefined || !isObject(credential.response)) return undefined;
  const id = parseBase64url(credential.id);
  const clientData = parseBase64url(credential.response.clientDataJSON);
  if (id === undefined || clientData === undefined) return undefined;
  if (credential.rawId !== id || credential.type !== 'public-key') return undefined;
  // Attack: an id of many kilobytes fills the table and its index.
  if (Buffer.from(id, 'base64url').length > MAX_CREDENTIAL_ID_BYTES) return undefined;
  const isDetached = credential.authenticatorAttachment === 'cross-platform';
  return { id, clientData, members: credential.response, isDetached };
}

/** Returns the id of the credential that an answer names; undefined for a malformed answer. */
export function parseCredentialId(text: string): string | undefined {
  return parseAnswer(text)?.id;
}

/** Transports are hints for the next request, so names of later versions are kept and anything else is left out. */
function parseTransports(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  const names = value.filter((name): name is string => typeof name === 'string' && /^[a-z-]{1,32}$/.test(name));
  return [...new Set(names)].slice(0, MAX_TRANSPORTS);
}

/** Parses an answer to `navigator.credentials.create`, as `toJSON()` writes it. */
export function parseRegistration(text: string): RegistrationAnswer | undefined {
  const answer = parseAnswer(text);
  const attestation = parseBase64url(answer?.members.attestationObject);
  if (answer === undefined || attestation === undefined) return undefined;
  const { id, clientData, members } = answer;
  return { id, clientData, attestation, transports: parseTransports(members.transports) };
}

/** Parses an answer to `navigator.credentials.get`, as `toJSON()` writes it. Old keys send an empty user handle. */
export function parseAssertion(text: string): AssertionAnswer | undefined {
  const answer = parseAnswer(text);
  const authenticatorData = parseBase64url(answer?.members.authenticatorData);
  const signature = parseBase64url(answer?.members.signature);
  if (answer === undefined || authenticatorData === undefined || signature === undefined) return undefined;
  const { id, clientData, members, isDetached } = answer;
  const given = members.userHandle ?? '';
  if (given === '') return { id, clientData, authenticatorData, signature, isDetached };
  const userHandle = parseBase64url(given);
  return userHandle === undefined
    ? undefined
    : { id, clientData, authenticatorData, signature, userHandle, isDetached };
}
