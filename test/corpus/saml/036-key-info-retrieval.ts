/** The key would be fetched from an address that the attacker chose. */
import type { SamlCase } from './kit.js';
import { VICTIM } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'KeyInfo names an address to fetch the key from',
  source: 'W3C XML Signature Best Practices 2.4: RetrievalMethod',
  check: 'saml.certificate',
  build: (kit) => {
    const keyInfo = '<ds:KeyInfo><ds:RetrievalMethod URI="https://evil.example/key"></ds:RetrievalMethod></ds:KeyInfo>';
    return kit.answer({ person: VICTIM }, { key: kit.attacker.privateKey, keyInfo });
  },
};
