/** The verifier would fetch what the attacker serves. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'the reference is an address',
  source: 'W3C XML Signature Best Practices 2.4',
  check: 'saml.reference',
  build: (kit) => kit.answer({}, { uri: 'https://evil.example/assertion' }),
};
