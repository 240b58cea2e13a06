/** Certificates for test identity providers, self-signed. A name gives the same one within a process, since a key takes time to make. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { toSelfSigned } from '../../../src/kernel/self-signed.js';

export interface TestCertificate {
  /** PEM. */
  readonly cert: string;
  /** PEM, PKCS#8. */
  readonly key: string;
}

export interface CertificateSpan {
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly algorithm?: 'rsa' | 'ec';
  readonly bits?: number;
}

const DAY_MS = 86_400_000;
const known = new Map<string, TestCertificate>();

function make(name: string, span: CertificateSpan): TestCertificate {
  const keys =
    span.algorithm === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: span.bits ?? 2048 });
  const cert = toSelfSigned({
    ...keys,
    commonName: name,
    notBefore: span.notBefore ?? new Date(Date.now() - DAY_MS),
    notAfter: span.notAfter ?? new Date(Date.now() + 365 * DAY_MS),
    serial: randomBytes(16),
  });
  return { cert, key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

/** The certificate of this name: its span counts only the first time. */
export function certificateOf(name: string, span: CertificateSpan = {}): TestCertificate {
  const made = known.get(name) ?? make(name, span);
  known.set(name, made);
  return made;
}
