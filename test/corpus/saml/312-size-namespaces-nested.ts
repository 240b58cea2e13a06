/** A few declarations on each level multiply. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'namespaces on every level',
  source: 'denial of service: canonicalization',
  check: 'saml.size',
  build: (kit) => {
    const open = Array.from(
      { length: 30 },
      (_, level) => `<samlp:x${Array.from({ length: 20 }, (_, n) => ` xmlns:a${level}b${n}="urn:x"`).join('')}>`,
    );
    return response(kit.signed(), {
      extensions: `<samlp:Extensions>${open.join('')}${'</samlp:x>'.repeat(30)}</samlp:Extensions>`,
    });
  },
};
