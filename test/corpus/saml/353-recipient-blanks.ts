/** Addresses are compared letter by letter. */
import type { SamlCase } from './kit.js';
import { ACS } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'a blank behind the Recipient',
  source: 'SAML 2.0 Profiles 4.1.4.3 (saml-profiles-2.0-os)',
  check: 'saml.recipient',
  build: (kit) => kit.answer({ recipient: `${ACS} ` }),
};
