/** An EncryptedID needs another key and hides the person. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'an EncryptedID',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 2.2.4',
  check: 'saml.name_id',
  build: (kit) => kit.answer({ nameId: '<saml:EncryptedID></saml:EncryptedID>' }),
};
