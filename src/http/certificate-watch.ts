/**
 * Takes a new certificate into use while the server runs: when its files change, and when asked. A pair that cannot be used changes
 * nothing: the earlier one stays in use, and the log says so. Never logs the content of the files.
 */
import { X509Certificate } from 'node:crypto';
import type { TlsPair } from '../config/config.js';

interface WatchLog {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface CertificateWatchOptions {
  /** The pair of files as it is now, checked. Throws when it cannot be read or used. */
  readonly read: () => TlsPair;
  /** Called with each new pair. */
  readonly use: (pair: TlsPair) => void;
  /** The pair in use at the start. */
  readonly current: TlsPair;
  readonly log: WatchLog;
  readonly everyMs?: number;
}

export interface CertificateWatch {
  /** Looks at once, and logs the result. */
  look(): void;
  stop(): void;
}

/** The files are read, not watched for events: a mounted secret is changed by moving a link somewhere above them. */
const EVERY_MS = 10_000;

const isSame = (one: TlsPair, other: TlsPair) => one.cert.equals(other.cert) && one.key.equals(other.key);

/** The caller stops it. */
export function startCertificateWatch(options: CertificateWatchOptions): CertificateWatch {
  const { read, use, log } = options;
  let current = options.current;
  /** The error of the last look, and whether the log has it. */
  let trouble: { readonly reason: string; readonly isTold: boolean } | undefined;

  const tell = (reason: string) => {
    log.error({ reason }, 'the certificate files cannot be used; the certificate of before stays');
    trouble = { reason, isTold: true };
  };
  const look = (isAsked: boolean): void => {
    try {
      const pair = read();
      trouble = undefined;
      if (isSame(pair, current)) {
        if (isAsked) log.info({}, 'the certificate files have not changed');
        return;
      }
      use(pair);
      current = pair;
      const { validTo, fingerprint256 } = new X509Certificate(pair.cert);
      log.info({ validTo, fingerprint256 }, 'a new certificate is in use');
    } catch (error) {
      const { message: reason } = error as Error;
      // Two files are not written at the same moment: only an error that is still there at the next look is logged, and once.
      if (isAsked || (trouble?.reason === reason && !trouble.isTold)) tell(reason);
      else if (trouble?.reason !== reason) trouble = { reason, isTold: false };
    }
  };
  const timer = setInterval(() => look(false), options.everyMs ?? EVERY_MS);
  timer.unref();
  return { look: () => look(true), stop: () => clearInterval(timer) };
}
