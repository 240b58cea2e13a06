/** SAML 1.1 assertions have another namespace and other rules. */
import type { SamlCase } from './kit.js';
import { ASSERTION } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an Assertion in the namespace of SAML 1.1',
  source: 'OASIS SAML 1.1',
  check: 'saml.one_assertion',
  build: (kit) => kit.answer().replaceAll(ASSERTION, 'urn:oasis:names:tc:SAML:1.0:assertion'),
};
