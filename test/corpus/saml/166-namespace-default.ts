/** The same names by a default namespace are the same names. */
import type { SamlCase } from './kit.js';
import { assertion, response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an assertion by default namespace',
  source: 'Namespaces in XML 1.0',
  check: 'harmless',
  build: (kit) => {
    const bare = assertion().replaceAll('saml:', '').replace('xmlns:saml=', 'xmlns=');
    return response(kit.sign(bare, { id: '_assertion' }));
  },
};
