/** An assertion for a reader that goes by prefixes. */
import type { SamlCase } from './kit.js';
import { ASSERTION, response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an evil assertion under a shadowed prefix',
  source: 'Jensen et al. 2011: the curse of namespaces in the domain of XML signature',
  check: 'saml.one_assertion',
  build: (kit) =>
    response(kit.signed(), {
      extensions: `<samlp:Extensions>${kit.evil().replace(ASSERTION, 'urn:evil')}</samlp:Extensions>`,
    }),
};
