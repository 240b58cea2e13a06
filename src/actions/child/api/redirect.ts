/**
 * `api.redirect`: sends the person to another site during a login, and reads the token that this site returns. Both
 * tokens are JWTs that are signed by HS256 with a secret of the Action.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { JsonObject } from '../../../domain/actions/action.js';
import { toJson } from '../json.js';
import type { ApiContext } from './context.js';

const DEFAULT_SECONDS = 900;
const MAX_URL = 8_192;
/** Protocols that use no browser, so that nobody can be redirected. */
const WITHOUT_BROWSER = ['oauth2-resource-owner', 'oauth2-refresh-token', 'oauth2-password', 'oauth2-token-exchange'];

function member(value: unknown, ...path: readonly string[]): unknown {
  let current = value;
  for (const name of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, name)) return undefined;
    current = (current as JsonObject)[name];
  }
  return current;
}

function encodePart(value: object): string {
  return Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
}

function sign(input: string, secret: string): Buffer {
  return createHmac('sha256', secret).update(input).digest();
}

function toSecret(options: { secret?: unknown } | undefined): string {
  const secret = options?.secret;
  if (typeof secret !== 'string' || secret === '')
    throw new TypeError('a secret is needed: a string, as in event.secrets');
  return secret;
}

/**
 * Creates the token for the other site. `sub`, `iss`, `ip`, `iat` and `exp` are set here; `payload` adds other claims.
 */
function encodeToken(
  context: ApiContext,
  options: { secret?: unknown; payload?: unknown; expiresInSeconds?: unknown } | undefined,
): string {
  const secret = toSecret(options);
  const seconds = options?.expiresInSeconds ?? DEFAULT_SECONDS;
  if (typeof seconds !== 'number' || !(seconds > 0)) throw new TypeError('expiresInSeconds must be a positive number');
  const payload = toJson(options?.payload ?? {}, 'the payload', MAX_URL);
  const issuedAt = Math.floor(context.now() / 1000);
  const claims = {
    ...(typeof payload === 'object' && !Array.isArray(payload) ? payload : {}),
    iat: issuedAt,
    iss: member(context.event, 'request', 'hostname'),
    sub: member(context.event, 'user', 'user_id'),
    exp: issuedAt + Math.floor(seconds),
    ip: member(context.event, 'request', 'ip'),
  };
  const input = `${encodePart({ alg: 'HS256', typ: 'JWT' })}.${encodePart(claims)}`;
  return `${input}.${sign(input, secret).toString('base64url')}`;
}

function invalid(reason: string): Error {
  return new Error(`The session token is invalid: ${reason}`);
}

function decodePart(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * Checks the claims of a returned token. Attack: somebody sends an expired token (`exp`), another person's token
 * (`sub`), or one of another redirect (`state`). The caller has checked the signature.
 */
function checkClaims(context: ApiContext, claims: unknown): void {
  const [issuedAt, expiresAt, subject, issuer, state] = ['iat', 'exp', 'sub', 'iss', 'state'].map((name) =>
    member(claims, name),
  );
  if (
    typeof issuedAt !== 'number' ||
    typeof expiresAt !== 'number' ||
    typeof issuer !== 'string' ||
    typeof subject !== 'string'
  )
    throw invalid('Missing or invalid standard claims.');
  if (expiresAt * 1000 <= context.now()) throw invalid('The token has expired.');
  if (subject !== member(context.event, 'user', 'user_id')) throw invalid('The sub claim does not match the user.');
  const request = member(context.event, 'request');
  const expected = member(request, 'body', 'state') ?? member(request, 'query', 'state');
  // Attack: replay of a token that was issued for another redirect.
  if (typeof expected !== 'string' || state !== expected)
    throw invalid('State in the token does not match the /continue state.');
}

function validateToken(
  context: ApiContext,
  options: { secret?: unknown; tokenParameterName?: unknown } | undefined,
): unknown {
  const secret = toSecret(options);
  const name = String(options?.tokenParameterName ?? 'session_token');
  const request = member(context.event, 'request');
  const token = member(request, 'body', name) ?? member(request, 'query', name);
  if (typeof token !== 'string') throw invalid(`There is no parameter ${name}.`);
  const [head = '', body = '', signature = '', ...rest] = token.split('.');
  const expected = sign(`${head}.${body}`, secret);
  const given = Buffer.from(signature, 'base64url');
  // Attack: the token chooses the algorithm (`"alg":"none"`).
  const isSigned = member(decodePart(head), 'alg') === 'HS256' && rest.length === 0 && given.length === expected.length;
  if (!isSigned || !timingSafeEqual(given, expected)) throw invalid('invalid signature');
  const claims = decodePart(body);
  checkClaims(context, claims);
  return claims;
}

function toTarget(url: unknown, query: unknown): string {
  if (typeof url !== 'string' || !URL.canParse(url)) throw new TypeError('sendUserTo takes an absolute URL');
  const target = new URL(url);
  if (target.protocol !== 'https:' && target.protocol !== 'http:')
    throw new TypeError('sendUserTo takes an http or https URL');
  for (const [name, value] of Object.entries((query ?? {}) as Record<string, unknown>)) {
    if (value !== undefined && value !== null) target.searchParams.set(name, String(value));
  }
  if (target.href.length > MAX_URL)
    throw new RangeError(`the URL to send the person to is longer than ${MAX_URL} characters`);
  return target.href;
}

/**
 * Creates `api.redirect`
 * (https://auth0.com/docs/customize/actions/explore-triggers/signup-and-login-triggers/login-trigger/redirect-with-actions).
 */
export function redirectPart(context: ApiContext, api: () => unknown) {
  return {
    encodeToken: (options?: { secret?: unknown; payload?: unknown; expiresInSeconds?: unknown }) =>
      encodeToken(context, options),
    validateToken: (options?: { secret?: unknown; tokenParameterName?: unknown }) => validateToken(context, options),
    sendUserTo(url: unknown, options?: { query?: unknown }) {
      context.decide({ kind: 'redirect', url: toTarget(url, options?.query) });
      return api();
    },
    canRedirect(): boolean {
      const protocol = member(context.event, 'transaction', 'protocol');
      const prompt =
        member(context.event, 'transaction', 'prompt') ?? member(context.event, 'request', 'query', 'prompt');
      const prompts = Array.isArray(prompt) ? prompt : String(prompt ?? '').split(' ');
      return !WITHOUT_BROWSER.includes(String(protocol)) && !prompts.includes('none');
    },
  };
}
