/**
 * Client authentication by a signed assertion: private_key_jwt (RFC 7523 section 3, OpenID Connect Core section 9). The
 * application registered a key and its algorithm; nothing in the assertion is trusted before its signature is checked.
 * Must never accept an assertion twice, or one that names another server.
 */
import { createPublicKey } from 'node:crypto';
import { compactVerify, decodeProtectedHeader } from 'jose';
import type { ClientKey } from '../../domain/client-key.js';
import { toNumericDate } from '../../kernel/clock.js';
import type { TokenClient } from '../../ports/token-store.js';
import type { OAuthDependencies } from './dependencies.js';
import type { Parameters } from './parameters.js';
import { invalidAssertion, invalidRequest, missingParameter, type OAuthRefusal, unauthorized } from './refusals.js';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** Seconds by which the application's clock may be wrong. */
const SKEW_SECONDS = 30;
/**
 * Maximum number of seconds from now to `exp`. An assertion is for one request: one that is valid for longer could be
 * stolen and used, and its `jti` would have to be stored for as long.
 */
const MAX_LIFETIME_SECONDS = 300;
const MAX_JTI_LENGTH = 255;
/**
 * Accepted values of `typ`. Other kinds of token that the same key may have signed are refused (RFC 8725 section 3.11).
 */
const KINDS = new Set(['jwt', 'client-authentication+jwt']);

type Claims = Readonly<Record<string, unknown>>;

export interface ClientAssertion {
  readonly clientId: string;
  /** The signed JWT; a credential, so it is never logged. */
  readonly value: string;
}

function parseClaims(text: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Claims) : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the application that an assertion names, before its signature is checked. Use it only to find the keys. */
function findSubject(assertion: string): string | undefined {
  const payload = Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString('utf8');
  const subject = parseClaims(payload)?.sub;
  return typeof subject === 'string' && !subject.includes('\0') ? subject : undefined;
}

/**
 * Parses the assertion of a request; undefined when it has none. Refuses `client_assertion` or `client_assertion_type`
 * without the other, another type, and another `client_id`.
 */
export function parseClientAssertion(parameters: Parameters): ClientAssertion | OAuthRefusal | undefined {
  const value = parameters.get('client_assertion');
  const type = parameters.get('client_assertion_type');
  if (value === undefined && type === undefined) return undefined;
  if (value === undefined) return missingParameter('client_assertion');
  if (type !== ASSERTION_TYPE) return invalidRequest(`client_assertion_type must be ${ASSERTION_TYPE}`);
  const subject = findSubject(value);
  if (subject === undefined) return unauthorized('client.assertion_unreadable');
  // `client_id` and the assertion must name the same application (RFC 7521 section 4.2).
  if ((parameters.get('client_id') ?? subject) !== subject)
    return invalidRequest('client_id and the subject of client_assertion differ');
  return { clientId: subject, value };
}

interface Opened {
  readonly claims: Claims;
  readonly key: ClientKey;
}

/**
 * Returns the claims if the application's key signed them. Attacks: an assertion signed by another application's key,
 * with `alg: none`, or by HMAC with the public key as the secret.
 */
async function openWith(assertion: string, key: ClientKey): Promise<Opened | undefined> {
  try {
    const { payload, protectedHeader } = await compactVerify(assertion, createPublicKey(key.publicKey), {
      algorithms: [key.alg],
    });
    const kind = (protectedHeader.typ ?? 'jwt').toLowerCase().replace(/^application\//, '');
    const claims = parseClaims(Buffer.from(payload).toString('utf8'));
    return claims !== undefined && KINDS.has(kind) ? { claims, key } : undefined;
  } catch {
    return undefined;
  }
}

/** Tries the key that the header names, or each key when it names none. */
async function open(assertion: string, keys: readonly ClientKey[]): Promise<Opened | undefined> {
  let kid: unknown;
  try {
    ({ kid } = decodeProtectedHeader(assertion));
  } catch {
    return undefined;
  }
  const tried = await Promise.all(
    keys.filter((key) => kid === undefined || key.kid === kid).map((key) => openWith(assertion, key)),
  );
  return tried.find((opened) => opened !== undefined);
}

/**
 * True when the assertion is for this server: `aud` has this server's issuer, and no audience of another server. The
 * address of the token endpoint alone is not enough; it is accepted beside the issuer, because older SDKs of Auth0 send
 * both. Attack (audience injection, advisory of the OpenID Foundation on private_key_jwt, 2025): a malicious server
 * names our token endpoint as its own, and presents here the assertion that an application sent to it.
 */
function isForUs(audience: unknown, origin: string): boolean {
  const named: readonly unknown[] = Array.isArray(audience) ? audience : [audience];
  const ours: readonly unknown[] = [`${origin}/`, `${origin}/oauth/token`];
  return named.includes(`${origin}/`) && named.every((name) => ours.includes(name));
}

const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** Returns why `exp`, `iat` or `nbf` are refused, or undefined. `now` is in seconds since the epoch. */
function findWrongTime({ exp, iat, nbf }: Claims, now: number): string | undefined {
  if (!isTime(exp)) return 'exp is missing';
  if (exp <= now - SKEW_SECONDS) return 'it has expired (exp)';
  if (exp > now + MAX_LIFETIME_SECONDS + SKEW_SECONDS)
    return `exp may be at most ${MAX_LIFETIME_SECONDS} seconds from now`;
  for (const [name, time] of Object.entries({ iat, nbf }))
    if (time !== undefined && !(isTime(time) && time <= now + SKEW_SECONDS))
      return `${name} must be a time in the past`;
  return undefined;
}

function findWrongClaim(claims: Claims, clientId: string, origin: string, now: number): string | undefined {
  const { iss, sub, aud, jti } = claims;
  if (iss !== clientId || sub !== clientId) return 'iss and sub must both be the client_id';
  if (!isForUs(aud, origin)) return `aud must be ${origin}/`;
  if (typeof jti !== 'string' || jti === '' || jti.length > MAX_JTI_LENGTH)
    return `jti must be a text of 1 to ${MAX_JTI_LENGTH} characters`;
  return findWrongTime(claims, now);
}

/**
 * Refuses an assertion that no registered key of the application signed, or whose key has expired. With `once`, also
 * refuses one that is not for this server or not valid now, and marks its `jti` as used, in a statement of its own.
 * With `again`, the assertion has passed these checks earlier in the same request. Throws {@link Fault} when the
 * database failed.
 */
export async function checkAssertion(
  { store, origin, clock }: Pick<OAuthDependencies, 'store' | 'origin' | 'clock'>,
  client: TokenClient,
  assertion: ClientAssertion,
  use: 'once' | 'again',
): Promise<OAuthRefusal | undefined> {
  const opened = await open(assertion.value, client.keys);
  if (opened === undefined) return unauthorized('client.assertion_signature');
  const { claims, key } = opened;
  const now = clock.now();
  if (key.expiresAt !== undefined && key.expiresAt.getTime() <= now.getTime())
    return invalidAssertion('client.key_expired', `the credential ${key.kid} has expired`);
  if (use === 'again') return undefined;
  const wrong = findWrongClaim(claims, client.clientId, origin, toNumericDate(now));
  if (wrong !== undefined) return invalidAssertion('client.assertion_claims', wrong);
  const { jti, exp } = claims as { readonly jti: string; readonly exp: number };
  // The `jti` is stored longer than the assertion is accepted, because the clocks of nodes differ a little.
  const expiresAt = new Date((exp + 2 * SKEW_SECONDS) * 1000);
  const spent = await store.spendAssertion({ clientId: client.clientId, jti, expiresAt });
  // Attack (replay): somebody who read the request sends its assertion again (RFC 7523 section 3, number 7).
  return spent === 'spent' ? undefined : invalidAssertion('client.assertion_replayed', 'jti was used before');
}
