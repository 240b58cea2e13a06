/** Every new name is kept. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'five hundred different names of elements',
  source: 'denial of service',
  check: 'saml.size',
  build: (kit) =>
    response(kit.signed(), {
      extensions: `<samlp:Extensions>${Array.from({ length: 500 }, (_, level) => `<samlp:x${level}/>`).join('')}</samlp:Extensions>`,
    }),
};
