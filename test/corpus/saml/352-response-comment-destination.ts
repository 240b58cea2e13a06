/** The address before the comment is ours. */
import type { SamlCase } from './kit.js';
import { ACS } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'a signed response to somebody else, cut by an entity',
  source: 'SAML 2.0 Bindings 3.5.5.2',
  check: 'saml.destination',
  build: (kit) => kit.whole({ destination: `${ACS}&#10;https://other.example/acs` }),
  twin: (kit) => kit.whole(),
};
