/**
 * Reads the variables that name certificate and key files. The files are read and tried at the start, so that a wrong
 * one is found before the first handshake. Only config.ts imports this; an error never shows the content of a file.
 */
import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { type Environment, fail, readFileOf } from './environment.js';

/** A certificate with its chain and its private key, both PEM. */
export interface TlsPair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Reads the pair that the variables name; undefined when neither is set. Throws {@link StartError}. */
export function parseTls(env: Environment): TlsPair | undefined {
  const cert = readFileOf(env, 'VESTIBULE_TLS_CERT');
  const key = readFileOf(env, 'VESTIBULE_TLS_KEY');
  if (!cert && !key) return undefined;
  if (!cert) return fail('VESTIBULE_TLS_CERT', undefined, 'a PEM file, because VESTIBULE_TLS_KEY is set');
  if (!key) return fail('VESTIBULE_TLS_KEY', undefined, 'a PEM file, because VESTIBULE_TLS_CERT is set');
  checkTls('VESTIBULE_TLS_CERT', env, { cert });
  // Checked together with its certificate: a key of another pair is useless.
  checkTls('VESTIBULE_TLS_KEY', env, { cert, key });
  return { cert, key };
}

/** Checks the files as a handshake would. OpenSSL's messages name neither a secret nor the variable. */
function checkTls(name: string, env: Environment, pair: { cert: Buffer; key?: Buffer }): void {
  try {
    createSecureContext(pair);
  } catch (error) {
    const takes = pair.key ? 'the private key of VESTIBULE_TLS_CERT as a PEM file' : 'a certificate as a PEM file';
    fail(name, env[name], `${takes} (${(error as Error).message})`);
  }
}

/** Finds the certificates in a PEM file (RFC 7468), whatever else it contains. */
function findCertificates(text: string): readonly string[] {
  const parts = text.split('-----BEGIN ').slice(1);
  return parts.flatMap((part) => {
    const label = part.slice(0, Math.max(0, part.indexOf('-----')));
    const end = part.indexOf(`-----END ${label}-----`);
    return label.endsWith('CERTIFICATE') && end >= 0 ? [`-----BEGIN ${part.slice(0, end)}-----END ${label}-----`] : [];
  });
}

/**
 * Checks the file that NODE_EXTRA_CA_CERTS names, because Node silently ignores an unusable one. Returns only its path:
 * Node has read the file already, and the processes of Actions read it again. Throws {@link StartError}.
 */
export function parseCaFile(env: Environment): string | undefined {
  const name = 'NODE_EXTRA_CA_CERTS';
  const text = readFileOf(env, name)?.toString('latin1');
  if (text === undefined) return undefined;
  const certificates = findCertificates(text);
  try {
    for (const certificate of certificates) new X509Certificate(certificate);
  } catch (error) {
    fail(name, env[name], `a readable PEM file of certificates (${(error as Error).message})`);
  }
  if (certificates.length === 0) fail(name, env[name], 'a readable PEM file of certificates (it holds none)');
  return env[name];
}
