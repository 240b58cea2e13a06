/** An old key may have been stolen since. */

import { createCertificate } from '../saml/kit-keys.js';
import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'signed by a certificate that has expired',
  source: 'SAML 2.0 Metadata 2.4.1.1',
  check: 'saml.certificate_expired',
  build: (kit) => ({
    input: kit.redirect(toLogoutXml()),
    expected: { certificates: [createCertificate(kit.idp.privateKey, 'idp', { from: 2018, to: 2025 })] },
  }),
};
