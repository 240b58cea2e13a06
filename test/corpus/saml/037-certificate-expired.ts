/** The certificate is pinned, but its time is over. */
import type { SamlCase } from './kit.js';
import { createCertificate } from './kit-keys.js';

export const attack: SamlCase = {
  name: 'signed by a pinned certificate that has expired',
  source: 'SAML V2.0 Metadata Interoperability Profile; RFC 5280 4.1.2.5',
  check: 'saml.certificate_expired',
  build: (kit) => ({
    xml: kit.answer(),
    expected: { certificates: [createCertificate(kit.idp.privateKey, 'idp.corp.example', { from: 2020, to: 2026 })] },
  }),
  twin: (kit) => ({
    xml: kit.answer(),
    expected: { certificates: [createCertificate(kit.idp.privateKey, 'idp.corp.example', { from: 2020, to: 2027 })] },
  }),
};
