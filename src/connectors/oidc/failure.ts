/** How this connector says no: values, never exceptions. `detail` is for the log and must hold no token, code or secret. */
import type { ConnectorFailure } from '../../ports/connector.js';
import type { OutboundError } from '../outbound/error.js';

/** Longest `detail`: what an IdP sends goes into a log line, not a log flood. */
const MAX_DETAIL = 300;
/** What of a text is looked at at all: an identity provider may send a megabyte. */
const MAX_READ = 2000;

/** Control characters and line breaks out (forged log lines), then cut. */
function toLogText(text: string): string {
  return (
    text
      .slice(0, MAX_READ)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
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

/** A failure of the port: `check` names what failed (`id_token.nonce`), `detail` is private. Both are made fit for a log line. */
export function fail(reason: ConnectorFailure['reason'], check: string, detail: string): ConnectorFailure {
  return new Failure(reason, toLogText(check).slice(0, 60), toLogText(detail));
}

/** Tells a failure from a result by its class, not by its fields: claims are an object whose fields an IdP chooses. */
export function isFailure<T>(result: T | ConnectorFailure): result is ConnectorFailure {
  return result instanceof Failure;
}

/** `step` is what was asked for: `discovery`, `jwks` or `token`. */
export function toNetworkFailure(step: string, error: OutboundError): ConnectorFailure {
  if (error.kind === 'breaker_open' || error.kind === 'busy')
    return fail('unreachable', `idp.${error.kind}`, error.message);
  return fail(error.kind === 'too_large' ? 'invalid' : 'unreachable', `${step}.${error.kind}`, error.message);
}

/** A status that is not the expected 200. Servers in trouble (5xx, 429) are unreachable, everything else is nonsense. */
export function toStatusFailure(step: string, status: number): ConnectorFailure {
  const inTrouble = status >= 500 || status === 429;
  return fail(
    inTrouble ? 'unreachable' : 'invalid',
    `${step}.http`,
    `the identity provider answered with status ${status}`,
  );
}

const MARK = '[redacted]';

/** Takes secrets out of a text that an IdP wrote: an error description may repeat the code or the client secret. */
export function redact(text: string, secrets: readonly (string | undefined)[]): string {
  const known = secrets.filter((secret) => secret !== undefined && secret !== '') as readonly string[];
  const longest = Math.max(0, ...known.map((secret) => secret.length));
  const isCut = text.length > MAX_READ + longest;
  let clean = text.slice(0, MAX_READ + longest);
  // Never longer than it was: a megabyte of one letter, which is the code that the browser brought, became tens of megabytes.
  for (const secret of known) clean = clean.replaceAll(secret, secret.length < MARK.length ? '*' : MARK);
  // What may be the beginning of a secret.
  return isCut ? clean.slice(0, Math.max(0, clean.length - longest)) : clean;
}
