/** A pattern that goes back and forth over blanks. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'a hundred thousand blanks inside a tag',
  source: 'CWE-1333',
  check: 'saml.xml',
  build: (kit) =>
    response(kit.signed(), {
      extensions: `<samlp:Extensions><samlp:x${' '.repeat(100_000)}!></samlp:x></samlp:Extensions>`,
    }),
};
