/** The public key is public, so everybody knows this secret. */
import type { SamlCase } from './kit.js';
import { VICTIM } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'HMAC-SHA256 with the public key as secret',
  source: 'McLean 2015 (JWT), the same confusion in XML',
  check: 'saml.algorithm',
  build: (kit) =>
    kit.answer(
      { person: VICTIM },
      {
        algorithm: 'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256',
        key: kit.idp.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      },
    ),
};
