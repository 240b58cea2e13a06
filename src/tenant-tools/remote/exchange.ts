/**
 * One HTTP exchange with a tenant over Node's fetch, bounded in time and size. Follows no redirect, which would carry
 * the secret elsewhere. Tells a refused request from one with an unknown result, which the tenant may have done. Never
 * retries.
 */

import { toMessage } from '../../kernel/errors.js';

const TIMEOUT_MS = 30_000;
const MAX_BODY_BYTES = 16 * 1024 * 1024;

const LONGEST_WAIT_MS = 30_000;

/** Milliseconds to wait after attempt number `attempt` (from 1): doubled each time, at most 30 s. */
export function waitBefore(attempt: number, firstWaitMs: number): number {
  return Math.min(firstWaitMs * 2 ** (attempt - 1), LONGEST_WAIT_MS);
}

export type Json = Readonly<Record<string, unknown>>;

export interface Answer {
  readonly status: number;
  /** The parsed body; undefined where it is empty or not JSON. */
  readonly body: unknown;
  /** False for a body that is neither empty nor JSON: it was cut off, or another server answered. */
  readonly readable: boolean;
  readonly headers: Headers;
}

/**
 * Thrown when a request to the tenant failed. `refused`: the tenant said no and did nothing. `unknown`: no answer, a
 * partial answer or a server error (5xx), so the tenant may have done what was asked.
 */
export class RemoteError extends Error {
  override name = 'RemoteError';
  constructor(
    readonly end: 'refused' | 'unknown',
    message: string,
    readonly advice?: string,
    /** Status and Auth0's `errorCode`; undefined without an answer. */
    readonly status?: number,
    readonly code?: string,
  ) {
    super(message);
  }
}

async function readBody(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
    size += part.value.length;
    if (size > MAX_BODY_BYTES) throw new Error(`the answer is larger than ${MAX_BODY_BYTES / 1024 / 1024} MB`);
    chunks.push(part.value);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): { readonly body: unknown; readonly readable: boolean } {
  if (text === '') return { body: undefined, readable: true };
  try {
    return { body: JSON.parse(text) as unknown, readable: true };
  } catch {
    return { body: undefined, readable: false };
  }
}

export interface Sending {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly timeoutMs?: number;
}

/**
 * Sends one request to `origin` + `path`. Throws {@link RemoteError} with the end `unknown` when no complete answer
 * came.
 */
export async function exchange(origin: string, path: string, sending: Sending): Promise<Answer> {
  try {
    const response = await fetch(`${origin}${path}`, {
      method: sending.method,
      headers: sending.headers,
      ...(sending.body === undefined ? {} : { body: JSON.stringify(sending.body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(sending.timeoutMs ?? TIMEOUT_MS),
    });
    return { status: response.status, ...parseJson(await readBody(response)), headers: response.headers };
  } catch (error) {
    throw new RemoteError(
      'unknown',
      `${origin} does not answer: ${toMessage(error)}.`,
      'Is the server running, and is its certificate trusted (NODE_EXTRA_CA_CERTS=ca.pem for a CA of your own)?',
    );
  }
}

/** Reads the reason from an error body of Auth0 (`message`), OAuth (`error_description`) or SCIM (`detail`). */
function toReason(body: unknown): string {
  if (typeof body !== 'object' || body === null) return 'no readable reason';
  const { message, error_description: description, detail, error } = body as Record<string, unknown>;
  const reason = [message, description, detail, error].find((text) => typeof text === 'string' && text !== '');
  return typeof reason === 'string' ? reason : 'no readable reason';
}

/**
 * True for a status after which the tenant may have done the request (RFC 9110 section 15.6), or did not read it in
 * time (408).
 */
export function isUncertain(status: number): boolean {
  return status >= 500 || status === 408;
}

/** Creates the error of an answer that is not 2xx; `request` names the request, `advice` the remedy of a refusal. */
export function toError(answer: Answer, request: string, advice?: string): RemoteError {
  const { status, body } = answer;
  const code = (body as { errorCode?: unknown } | undefined)?.errorCode;
  return new RemoteError(
    isUncertain(status) || status === 429 ? 'unknown' : 'refused',
    `${request}: ${status}, ${toReason(body)}.`.replace(/\.\.$/, '.'),
    isUncertain(status) || status === 429 ? 'Try again later; the log of the tenant says more.' : advice,
    status,
    typeof code === 'string' ? code : undefined,
  );
}
