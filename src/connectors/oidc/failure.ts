/**
 * Failures of this connector: values, never exceptions. `detail` is for the log and must hold no token, code or secret.
 */
import type { ConnectorFailure } from '../../ports/connector.js';
import type { OutboundError } from '../outbound/error.js';

/** Longest `detail`: a text from an IdP must not flood the log. */
const MAX_DETAIL = 300;
/** Longest part of a text that is read, in characters: an identity provider may send a megabyte. */
const MAX_READ = 2000;

/** Replaces control characters and line breaks (attack: forged log lines), then truncates. */
function toLogText(text: string): string {
  return (
    text
      .slice(0, MAX_READ)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are removed
      .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
      .slice(0, MAX_DETAIL)
  );
}

class Failure implements ConnectorFailure {
  readonly ok = false;
  constructor(
    readonly reason: ConnectorFailure['reason'],
    readonly check: string,
    readonly detail: string,
  ) {}
}

/**
 * Creates a failure: `check` names the failed check (`id_token.nonce`), `detail` is private. Both are made safe for a
 * log line.
 */
export function fail(reason: ConnectorFailure['reason'], check: string, detail: string): ConnectorFailure {
  return new Failure(reason, toLogText(check).slice(0, 60), toLogText(detail));
}

/** True for a failure. Tested by class, not by fields: an IdP chooses the fields of claims. */
export function isFailure<T>(result: T | ConnectorFailure): result is ConnectorFailure {
  return result instanceof Failure;
}

/** Converts a failed request; `step` names it: `discovery`, `jwks` or `token`. */
export function toNetworkFailure(step: string, error: OutboundError): ConnectorFailure {
  if (error.kind === 'breaker_open' || error.kind === 'busy')
    return fail('unreachable', `idp.${error.kind}`, error.message);
  return fail(error.kind === 'too_large' ? 'invalid' : 'unreachable', `${step}.${error.kind}`, error.message);
}

/** Converts an unexpected status: 5xx and 429 mean unreachable, any other an invalid answer. */
export function toStatusFailure(step: string, status: number): ConnectorFailure {
  const inTrouble = status >= 500 || status === 429;
  return fail(
    inTrouble ? 'unreachable' : 'invalid',
    `${step}.http`,
    `the identity provider answered with status ${status}`,
  );
}

const MARK = '[redacted]';

/** Removes secrets from a text of an IdP: an error description may repeat the code or the client secret. */
export function redact(text: string, secrets: readonly (string | undefined)[]): string {
  const known = secrets.filter((secret) => secret !== undefined && secret !== '') as readonly string[];
  const longest = Math.max(0, ...known.map((secret) => secret.length));
  const isCut = text.length > MAX_READ + longest;
  let clean = text.slice(0, MAX_READ + longest);
  // The mark is never longer than the secret: with a code of one letter, a megabyte of that letter would grow to tens
  // of megabytes.
  for (const secret of known) clean = clean.replaceAll(secret, secret.length < MARK.length ? '*' : MARK);
  // The last characters of a truncated text may be the beginning of a secret.
  return isCut ? clean.slice(0, Math.max(0, clean.length - longest)) : clean;
}
