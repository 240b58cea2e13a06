/** Digests have no parameters. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'a child of DigestMethod',
  source: 'W3C XML Signature Best Practices',
  check: 'saml.algorithm',
  build: (kit) =>
    kit.answer({}, { references: (own) => own.replace('</ds:DigestMethod>', '<ds:x></ds:x></ds:DigestMethod>') }),
};
