/** The same server, another connection. */
import type { SamlCase } from './kit.js';
import { ACS } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'the Destination is another connection of this server',
  source: 'SAML 2.0 Bindings 3.5.5.2; cross-connection replay',
  check: 'saml.other_connection',
  build: (kit) => kit.answer({ destination: ACS.replace('corp-saml', 'other-saml') }),
};
