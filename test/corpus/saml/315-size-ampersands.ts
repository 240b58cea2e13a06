/** Each of them begins a search for its end. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'a hundred thousand ampersands',
  source: 'CWE-1333',
  check: 'saml.entity',
  build: (kit) => response(kit.signed(), { extensions: `<samlp:Extensions>${'&'.repeat(100_000)}</samlp:Extensions>` }),
};
