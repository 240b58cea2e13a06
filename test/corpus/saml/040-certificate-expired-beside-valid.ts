/** An expired certificate beside a valid one must not lend its validity. */
import type { SamlCase } from './kit.js';
import { createCertificate } from './kit-keys.js';

export const attack: SamlCase = {
  name: 'the expired one of two pinned certificates signed',
  source: 'RFC 5280 4.1.2.5',
  check: 'saml.certificate_expired',
  build: (kit) => ({
    xml: kit.answer(),
    expected: {
      certificates: [
        kit.attacker.certificate,
        createCertificate(kit.idp.privateKey, 'idp.corp.example', { from: 2020, to: 2026 }),
      ],
    },
  }),
};
