/**
 * Additional trusted certificates for Actions. With them, an SDK reaches this server even if its certificate comes from
 * a private authority, as in development.
 */
import tls from 'node:tls';
import { defineProperty } from './primordials.js';

const BEGIN = '-----BEGIN CERTIFICATE-----';
const END = '-----END CERTIFICATE-----';

/**
 * Makes every TLS context that names no certificates also trust `pem`. Gets text instead of a path, because the account
 * that runs Actions may not read files.
 */
export function trustCertificates(pem: string): void {
  const original = tls.createSecureContext;
  const parts = pem.split(BEGIN).slice(1);
  const certificates = parts.flatMap((part) =>
    part.includes(END) ? [BEGIN + part.slice(0, part.indexOf(END)) + END] : [],
  );
  const createSecureContext: typeof original = (options) => {
    const context = original(options);
    if (options?.ca === undefined) {
      const native = context.context as { addCACert(certificate: string): void };
      for (const certificate of certificates) native.addCACert(certificate);
    }
    return context;
  };
  defineProperty(tls, 'createSecureContext', { value: createSecureContext, writable: false, configurable: false });
}
