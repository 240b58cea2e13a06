/** Few attributes each, in many elements. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'six thousand attributes in two hundred elements',
  source: 'denial of service',
  check: 'saml.size',
  build: (kit) => {
    const attributes = Array.from({ length: 30 }, (_, level) => ` a${level}=""`).join('');
    return response(kit.signed(), {
      extensions: `<samlp:Extensions>${`<samlp:x${attributes}/>`.repeat(300)}</samlp:Extensions>`,
    });
  },
};
