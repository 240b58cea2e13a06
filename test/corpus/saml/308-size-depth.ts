/** Recursion ends where the stack ends. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'elements a thousand deep',
  source: 'stack exhaustion, CWE-674',
  check: 'saml.size',
  build: (kit) =>
    response(kit.signed(), {
      extensions: `<samlp:Extensions>${'<samlp:x>'.repeat(1_000)}${'</samlp:x>'.repeat(1_000)}</samlp:Extensions>`,
    }),
};
