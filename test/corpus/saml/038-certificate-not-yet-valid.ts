/** The certificate is pinned, but its time has not begun. */
import type { SamlCase } from './kit.js';
import { createCertificate } from './kit-keys.js';

export const attack: SamlCase = {
  name: 'signed by a pinned certificate that is not valid yet',
  source: 'RFC 5280 4.1.2.5',
  check: 'saml.certificate',
  build: (kit) => ({
    xml: kit.answer(),
    expected: { certificates: [createCertificate(kit.idp.privateKey, 'idp.corp.example', { from: 2027, to: 2030 })] },
  }),
};
