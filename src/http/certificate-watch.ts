/**
 * Puts a new certificate into use while the server runs: when its files change, and on request. If the new files cannot
 * be used, the earlier certificate stays in use and the log says so. Never logs the content of the files.
 */
import { X509Certificate } from 'node:crypto';
import type { TlsPair } from '../config/config.js';

interface WatchLog {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface CertificateWatchOptions {
  /** Reads and checks the two files. Throws when they cannot be read or used. */
  readonly read: () => TlsPair;
  readonly use: (pair: TlsPair) => void;
  /** The certificate and key in use at the start. */
  readonly current: TlsPair;
  readonly log: WatchLog;
  readonly everyMs?: number;
}

export interface CertificateWatch {
  /** Checks the files now, and logs the result. */
  look(): void;
  stop(): void;
}

/**
 * Milliseconds between checks. The files are read each time, because events of the file system are not reliable: a
 * mounted secret changes when a link in a directory above it changes.
 */
const EVERY_MS = 10_000;

const isSame = (one: TlsPair, other: TlsPair) => one.cert.equals(other.cert) && one.key.equals(other.key);

/** Starts checking the certificate files; the caller stops the watch. */
export function startCertificateWatch(options: CertificateWatchOptions): CertificateWatch {
  const { read, use, log } = options;
  let current = options.current;
  /** The error of the last check, and whether it was logged. */
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
      // The two files are not written at the same moment, so one check may find an old and a new one. An error is
      // logged once, and only if the next check finds it again.
      if (isAsked || (trouble?.reason === reason && !trouble.isTold)) tell(reason);
      else if (trouble?.reason !== reason) trouble = { reason, isTold: false };
    }
  };
  const timer = setInterval(() => look(false), options.everyMs ?? EVERY_MS);
  timer.unref();
  return { look: () => look(true), stop: () => clearInterval(timer) };
}
