/**
 * Additional trusted certificates, so that an SDK reaches this server by its own authority (a development certificate).
 */
import tls from 'node:tls';
import { defineProperty } from './primordials.js';

const BEGIN = '-----BEGIN CERTIFICATE-----';
const END = '-----END CERTIFICATE-----';

/**
 * Makes every TLS context that names no certificates also trust `pem`. Reads no file, because the account that runs
 * Actions may not.
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
