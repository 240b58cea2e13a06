/** The same server, another connection. */
import type { SamlCase } from './kit.js';
import { ACS } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'the Recipient is another connection of this server',
  source: 'SAML 2.0 Profiles 4.1.4.3 (saml-profiles-2.0-os)',
  check: 'saml.recipient',
  build: (kit) => kit.answer({ recipient: ACS.replace('corp-saml', 'other-saml') }),
};
