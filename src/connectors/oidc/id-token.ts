/**
 * Verifies an ID token (OpenID Connect Core 3.1.3.7) and reads the identity from it. Every claim that is used comes
 * from here. Userinfo is never requested: its address claims are not signed for us (the nOAuth attacks took accounts
 * that way).
 */
import type { JWTPayload } from 'jose';
import { errors, jwtVerify } from 'jose';
import { CLAIM_BOUNDS } from '../../domain/companies/membership-condition.js';
import { type ExternalIdentity, isSubject } from '../../domain/people/account.js';
import { toClaimedProfile } from '../../domain/people/claimed-profile.js';
import { isAddressVouched } from '../../domain/people/vouched-address.js';
import type { Connection } from '../../domain/tenant.js';
import { toNumericDate } from '../../kernel/clock.js';
import { secretsEqual } from '../../kernel/ids.js';
import { isWithinBounds } from '../../kernel/json-bounds.js';
import type { ConnectorFailure } from '../../ports/connector.js';
import { type AttributeMap, mapAddress, mapProfileClaims } from './attribute-map.js';
import type { Named } from './dialect.js';
import { fail, isFailure } from './failure.js';
import type { KeySet, KeySource } from './keys.js';

/** Tolerated difference between the clocks, in seconds. */
export const CLOCK_SKEW_SECONDS = 60;
const MAX_TOKEN_LENGTH = 65_536;
/** Maximum number of keys that are tried for a token that names no key. */
const MAX_CANDIDATES = 10;

export interface IdTokenExpectation {
  /** Undefined where each tenant has its own issuer: the caller compares it then (Dialect.name). */
  readonly issuer: string | undefined;
  readonly clientId: string;
  readonly nonce: string;
  readonly algorithms: readonly string[];
  readonly keys: KeySource;
  readonly now: Date;
}

function isFittingProblem(error: unknown): boolean {
  return error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWSSignatureVerificationFailed;
}

/** Tries each of several matching keys for a token without `kid` (jose's own advice for JWKSMultipleMatchingKeys). */
async function verifyWithAny(
  token: string,
  candidates: errors.JWKSMultipleMatchingKeys,
  options: Parameters<typeof jwtVerify>[2],
): Promise<JWTPayload> {
  let tried = 0;
  for await (const key of candidates) {
    // A hundred keys of the greatest length would take a second of one of the four threads that also check passwords.
    tried += 1;
    if (tried > MAX_CANDIDATES) break;
    try {
      return (await jwtVerify(token, key, options)).payload;
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
    }
  }
  throw new errors.JWSSignatureVerificationFailed();
}

async function verifyWith(
  token: string,
  expected: IdTokenExpectation,
  keys: Pick<KeySet, 'find'>,
): Promise<JWTPayload> {
  const options = {
    // Attack: `alg: none`, or HS256 signed with the public key (algorithm confusion, RFC 8725 section 3.1).
    algorithms: [...expected.algorithms],
    ...(expected.issuer !== undefined && { issuer: expected.issuer }),
    audience: expected.clientId,
    clockTolerance: CLOCK_SKEW_SECONDS,
    currentDate: expected.now,
    requiredClaims: ['sub', 'exp', 'iat'],
  };
  try {
    return (await jwtVerify(token, keys.find, options)).payload;
  } catch (error) {
    if (error instanceof errors.JWKSMultipleMatchingKeys) return verifyWithAny(token, error, options);
    throw error;
  }
}

function toTokenFailure(error: unknown): ConnectorFailure {
  const say = (check: string, detail: string) => fail('invalid', `id_token.${check}`, detail);
  if (error instanceof errors.JWTExpired) return say('exp', 'the token has expired');
  if (error instanceof errors.JWTClaimValidationFailed) return say(error.claim, error.message);
  if (error instanceof errors.JOSEAlgNotAllowed)
    return say('alg', 'the signature algorithm is not one that is accepted');
  if (error instanceof errors.JWKSNoMatchingKey) return say('kid', 'no key of the identity provider fits the token');
  if (error instanceof errors.JWSSignatureVerificationFailed) return say('signature', 'the signature does not fit');
  return say('malformed', error instanceof Error ? error.message : 'not a signed token');
}

function checkClaims(claims: JWTPayload, expected: IdTokenExpectation): ConnectorFailure | undefined {
  const say = (claim: string, detail: string) => fail('invalid', `id_token.${claim}`, detail);
  // Attack: claims nested thousands of levels deep overflow the stack of later readers (conditions, Actions, the
  // cookie).
  if (!isWithinBounds(claims, CLAIM_BOUNDS)) {
    const { depth, values } = CLAIM_BOUNDS;
    return say('size', `the claims nest deeper than ${depth} levels or are more than ${values}`);
  }
  if ((claims.iat ?? 0) > toNumericDate(expected.now) + CLOCK_SKEW_SECONDS) return say('iat', 'issued in the future');
  // Attack: a token of another login is injected into this one (replay, code injection).
  if (typeof claims.nonce !== 'string' || !secretsEqual(claims.nonce, expected.nonce)) {
    return say('nonce', 'the token was not made for this login');
  }
  // Attack: a token that another client of the same IdP obtained. With several audiences, `azp` must be us.
  const severalAudiences = Array.isArray(claims.aud) && claims.aud.length > 1;
  if ((severalAudiences || claims.azp !== undefined) && claims.azp !== expected.clientId) {
    return say('azp', 'the token was issued to another client');
  }
  if (!isSubject(claims.sub)) {
    return say('sub', 'the subject must be 1 to 255 printable ASCII characters');
  }
  return undefined;
}

/** Verifies a token; returns its claims, or the failure that names the check (`id_token.<claim>`). */
export async function verifyIdToken(
  token: string,
  expected: IdTokenExpectation,
): Promise<JWTPayload | ConnectorFailure> {
  if (token.length > MAX_TOKEN_LENGTH) {
    return fail('invalid', 'id_token.size', `longer than ${MAX_TOKEN_LENGTH} characters`);
  }
  let keys = await expected.keys.get();
  for (let attempt = 1; ; attempt += 1) {
    if (isFailure(keys)) return keys;
    try {
      const claims = await verifyWith(token, expected, keys);
      return checkClaims(claims, expected) ?? claims;
    } catch (error) {
      if (attempt > 1 || !isFittingProblem(error)) return toTokenFailure(error);
      keys = await expected.keys.refresh(keys);
    }
  }
}

/**
 * Checks that the signing key is one that the provider publishes for this issuer; `isMeant` compares the key's own
 * issuer. Attack: a key that a provider has for one tenant signs for another.
 */
export async function checkSigningKey(
  token: string,
  expected: IdTokenExpectation,
  isMeant: (keyIssuer: unknown) => boolean,
): Promise<ConnectorFailure | undefined> {
  const keys = await expected.keys.get();
  if (isFailure(keys)) return keys;
  try {
    await verifyWith(token, expected, keys.only(isMeant));
    return undefined;
  } catch {
    return fail(
      'invalid',
      'id_token.key_issuer',
      'the key that signed the token is published for another issuer, or for none',
    );
  }
}

/**
 * Converts verified claims to an identity; `named` is their issuer and subject. The address is kept as sent: its
 * readers parse it.
 */
export function toIdentity(
  { id, strategy }: Pick<Connection, 'id' | 'strategy'>,
  { issuer, subject }: Named,
  claims: JWTPayload,
  map?: AttributeMap,
): ExternalIdentity {
  const profileClaims = mapProfileClaims(claims, map);
  return {
    connectionId: id,
    issuer,
    subject,
    ...mapAddress(claims, map, isAddressVouched(strategy, issuer, claims)),
    profile: toClaimedProfile((claim) => profileClaims[claim]),
    claims,
    ...(typeof claims.auth_time === 'number' && { signedInAtSeconds: claims.auth_time }),
  };
}
