/** The one parser ends the comment where the other goes on. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'a comment with -- inside',
  source: 'XML 1.0 2.5; CVE-2025-25291 (ruby-saml)',
  check: 'saml.comment',
  build: (kit) => kit.answer().replace('<samlp:Status>', '<!-- -- <samlp:Status> --><samlp:Status>'),
};
