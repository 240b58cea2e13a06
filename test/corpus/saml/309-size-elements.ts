/** Every element is work, before anything is verified. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'twenty thousand elements',
  source: 'denial of service',
  check: 'saml.size',
  build: (kit) =>
    response(kit.signed(), { extensions: `<samlp:Extensions>${'<samlp:x/>'.repeat(20_000)}</samlp:Extensions>` }),
};
