/** Paths and queries know large and small letters. */
import type { SamlCase } from './kit.js';
import { ACS } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'a Destination in capitals',
  source: 'SAML 2.0 Bindings 3.5.5.2',
  check: 'saml.destination',
  build: (kit) => kit.answer({ destination: ACS.toUpperCase() }),
};
