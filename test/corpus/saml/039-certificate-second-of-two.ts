/** While an IdP changes its key, either certificate may have signed. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'signed by the second of two pinned certificates',
  source: 'SAML V2.0 Metadata Interoperability Profile 2.6.1',
  check: 'harmless',
  build: (kit) => ({ xml: kit.answer(), expected: { certificates: [kit.attacker.certificate, kit.idp.certificate] } }),
};
