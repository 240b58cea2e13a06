/**
 * Parses the input of the OAuth endpoints (forms, JSON bodies, queries) into a map of strings. Refuses malformed input,
 * but ignores unknown names (RFC 6749 section 3.1). Does not judge values.
 */
import { MalformedForm, parsePairs, queryOf } from '../form.js';
import { invalidRequest, OAuthRefusal } from './refusals.js';

/** The parameters by name. A parameter with an empty value counts as not sent (RFC 6749 section 3.2). */
export type Parameters = ReadonlyMap<string, string>;

/** The JSON members that are read. Others are ignored and may have any type, since clients send extra members. */
const KNOWN = new Set([
  'grant_type',
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
  'code',
  'code_verifier',
  'redirect_uri',
  'refresh_token',
  'scope',
  'audience',
  'organization',
  'token',
  'token_type_hint',
  'mfa_token',
  'otp',
  'oob_code',
  'binding_code',
  'recovery_code',
  'challenge_type',
  'authenticator_id',
  'email',
]);

/** Maximum number of characters of a value: enough for the longest tokens in use. */
const MAX_CHARACTERS = 16_384;
/** Lower limits for lists of words: each word is compared with every word of another list. */
const LIMITS: ReadonlyMap<string, number> = new Map([['scope', 4_096]]);

/** Refuses a value that is too long or has a NUL character. */
function checkValue(name: string, value: string): OAuthRefusal | undefined {
  if (value.length > (LIMITS.get(name) ?? MAX_CHARACTERS))
    return invalidRequest(`Parameter too long: ${printable(name)}`);
  return value.includes('\0') ? invalidRequest(`Invalid value for parameter: ${printable(name)}`) : undefined;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Parses application/x-www-form-urlencoded text: a body, or the query of a URL. Refuses bad percent-encoding, bytes
 * that are not UTF-8, the NUL character, too long values and repeated parameters. Attack (parameter pollution): one
 * reader of a request uses the first value and another the last (RFC 6749 section 3.2: "MUST NOT be included more than
 * once").
 */
export function parseForm(text: string): Parameters | OAuthRefusal {
  const pairs = parsePairs(text);
  if (pairs instanceof MalformedForm) return invalidRequest(pairs.message);
  const parameters = new Map<string, string>();
  const seen = new Set<string>();
  for (const [name, value] of pairs) {
    if (seen.has(name)) return invalidRequest(`Parameter sent more than once: ${printable(name)}`);
    seen.add(name);
    const wrong = checkValue(name, value);
    if (wrong) return wrong;
    if (value !== '') parameters.set(name, value);
  }
  return parameters;
}

/** Parses a JSON object, which Auth0's older SDKs send. Known members are strings or null; others are ignored. */
export function parseJsonObject(text: string): Parameters | OAuthRefusal {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return invalidRequest('The body is not a JSON object');
  const parameters = new Map<string, string>();
  for (const [name, member] of Object.entries(value)) {
    if (!KNOWN.has(name) || member === null || member === '') continue;
    if (typeof member !== 'string') return invalidRequest(`Invalid value for parameter: ${name}`);
    const wrong = checkValue(name, member);
    if (wrong) return wrong;
    parameters.set(name, member);
  }
  return parameters;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Parses the body by its media type; refuses other types with 415. An absent body has no parameters. */
export function parseBody(contentType: string | undefined, body: unknown): Parameters | OAuthRefusal {
  if (!Buffer.isBuffer(body) || body.length === 0) return new Map();
  const text = decodeUtf8(body);
  if (text === undefined) return invalidRequest('The body is not UTF-8');
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase();
  if (type === 'application/x-www-form-urlencoded') return parseForm(text);
  if (type === 'application/json') return parseJsonObject(text);
  return unsupportedMediaType();
}

/** Returns the refusal (415) for a body that is neither a form nor JSON. */
export function unsupportedMediaType(): OAuthRefusal {
  const description = 'The body must be application/x-www-form-urlencoded or application/json';
  return new OAuthRefusal(415, 'invalid_request', description);
}

/** Parses the parameters after the `?` of a request's own URL. */
export function parseQuery(url: string): Parameters | OAuthRefusal {
  return parseForm(queryOf(url));
}

function decodeUtf8(bytes: Buffer): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Replaces characters that `error_description` cannot have (RFC 6749 section 5.2), because it repeats the name. */
function printable(name: string): string {
  return name.slice(0, 64).replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, '?');
}
