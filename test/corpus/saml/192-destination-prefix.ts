/** Our address is how theirs begins. */
import type { SamlCase } from './kit.js';
import { ACS } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'a Destination that begins like ours',
  source: 'SAML 2.0 Bindings 3.5.5.2',
  check: 'saml.destination',
  build: (kit) => kit.answer({ destination: `${ACS}.evil.example` }),
};
