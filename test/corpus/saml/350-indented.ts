/** Blanks between the elements are part of what is signed, and mean nothing. */
import type { SamlCase } from './kit.js';
import { assertion, response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an answer that is indented',
  source: 'XML 1.0 2.10',
  check: 'harmless',
  build: (kit) => {
    const bare = assertion()
      .replace(/></g, '>\n  <')
      .replace(/(<saml:AttributeValue>|<saml:Audience>)\s+/g, '$1');
    return response(kit.sign(bare, { id: '_assertion' }));
  },
};
