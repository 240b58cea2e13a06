/**
 * A certificate authority of a test's own and a certificate for localhost, made with the `openssl` command. Node cannot make
 * X.509 certificates itself.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestCertificate {
  /** Files: what clients trust, and what the server shows. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  remove(): void;
}

/** True when `openssl` can be run. */
export function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const EXTENSIONS =
  'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n';

/** Makes both in a new directory of the system's temporary one. The caller removes it. */
export function createCertificate(): TestCertificate {
  const directory = mkdtempSync(join(tmpdir(), 'vestibule-certificate-'));
  const file = (name: string) => join(directory, name);
  const run = (...args: string[]) => execFileSync('openssl', args, { stdio: 'ignore', cwd: directory });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  run('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Test authority', '-days', '2');
  run('req', ...newKey, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=localhost');
  writeFileSync(file('extensions'), EXTENSIONS);
  const sign = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'extensions'];
  run('x509', '-req', '-in', 'server.csr', ...sign, '-out', 'server.pem');
  return {
    ca: file('ca.pem'),
    cert: file('server.pem'),
    key: file('server.key'),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
