/** The certificate is public: as a secret it would be everybody's. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'signed by HMAC with the certificate as the secret',
  source: 'Key confusion (McLean, 2015)',
  check: 'saml.algorithm',
  build: (kit) => ({
    input: kit.redirect(toLogoutXml(), {
      key: kit.idp.certificate,
      algorithm: 'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256',
    }),
  }),
};
