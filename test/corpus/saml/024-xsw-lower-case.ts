/** XML names are case-sensitive; a reader that compares without case sees two. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an element assertion beside Assertion',
  source: 'CVE-2025-25292 (ruby-saml: two readings of one document)',
  check: 'saml.one_assertion',
  build: (kit) =>
    response(kit.signed(), {
      extensions: `<samlp:Extensions>${kit.evil().replaceAll('saml:Assertion', 'saml:assertion')}</samlp:Extensions>`,
    }),
};
