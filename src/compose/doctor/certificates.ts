/** Reads this server's own certificates for `vestibule doctor`. Only doctor.ts imports this. */
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { Config } from '../../config/config.js';
import type { CertificateFact } from '../../ports/examiner.js';
import { createServiceProviderKeys } from '../../storage/secrets/service-provider-keys.js';
import type { WithRows } from './database.js';

function readTls({ tls, origin }: Config): readonly CertificateFact[] {
  if (tls === undefined) return [];
  const certificate = new X509Certificate(tls.cert);
  const host = new URL(origin).hostname.replace(/^\[|\]$/g, '');
  const fitsHost = (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined;
  return [{ name: 'VESTIBULE_TLS_CERT', ends: new Date(certificate.validTo), fitsHost }];
}

/** Reads this server's certificates; those of identity providers are part of their connections. */
export async function readCertificates(config: Config, withRows: WithRows): Promise<readonly CertificateFact[]> {
  // An unusable database or key is reported by another finding.
  const own = await withRows((pool, box) => createServiceProviderKeys(pool, box).findKey()).catch(() => undefined);
  const ofSaml =
    own === undefined
      ? []
      : [{ name: 'this server at SAML', ends: new Date(new X509Certificate(own.certificate).validTo) }];
  return [...readTls(config), ...ofSaml];
}
