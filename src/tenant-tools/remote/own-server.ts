/**
 * Requests of `vestibule doctor` to this installation's own public address: they show the certificate there, and how
 * the server sees a request that comes that way. Follows no redirect and sends nothing else.
 */
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { toMessage } from '../../kernel/errors.js';

const TIMEOUT_MS = 5_000;

/** Thrown when nobody answers at an address, or with `tls`, when a server does but the connection cannot be secured. */
export class ConnectionFailed extends Error {
  override name = 'ConnectionFailed';
  constructor(
    readonly kind: 'unreachable' | 'tls',
    message: string,
  ) {
    super(message);
  }
}

/** Error codes of Node and OpenSSL for certificates that do not verify and peers without TLS. */
const TLS_CODE = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|EPROTO)/;

function toConnectionFailed(error: unknown): ConnectionFailed {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  const found = String(cause?.code ?? code ?? '');
  return new ConnectionFailed(TLS_CODE.test(found) ? 'tls' : 'unreachable', toMessage(error));
}

/** Reads when the certificate of an https origin expires; undefined for http. Throws {@link ConnectionFailed}. */
export async function readShownEnd(origin: string): Promise<Date | undefined> {
  const { protocol, hostname, port } = new URL(origin);
  if (protocol !== 'https:') return undefined;
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const servername = isIP(host) === 0 ? { servername: host } : {};
    const socket = connect({ host, port: Number(port || 443), timeout: TIMEOUT_MS, ...servername }, () => {
      resolve(new Date(socket.getPeerCertificate().valid_to));
      socket.destroy();
    });
    socket.on('error', (error) => reject(toConnectionFailed(error)));
    socket.on('timeout', () => socket.destroy(new Error('no answer within five seconds')));
  });
}

export interface OwnAnswer {
  readonly status: number;
  /** The body parsed as JSON; undefined if it is not JSON. */
  readonly body: unknown;
  /** The time in the answer's header `Date`. */
  readonly date: Date | undefined;
}

/**
 * Sends GET `path` to `origin`. Throws {@link ConnectionFailed} if nobody answers, or if the connection cannot be
 * secured; never because of a status.
 */
export async function askOwnServer(
  origin: string,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<OwnAnswer> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(`${origin}${path}`, { headers, redirect: 'manual', signal });
    const text = await response.text();
    const date = response.headers.get('date');
    const isJson = response.headers.get('content-type')?.includes('application/json') === true;
    return {
      status: response.status,
      body: isJson ? parse(text) : undefined,
      date: date === null || Number.isNaN(Date.parse(date)) ? undefined : new Date(date),
    };
  } catch (error) {
    throw toConnectionFailed(error);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
