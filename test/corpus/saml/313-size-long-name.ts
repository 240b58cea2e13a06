/** A name is hashed, compared and repeated. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an element name of a hundred thousand letters',
  source: 'denial of service',
  check: 'saml.xml',
  build: (kit) =>
    response(kit.signed(), { extensions: `<samlp:Extensions><samlp:${'x'.repeat(100_000)}/></samlp:Extensions>` }),
};
