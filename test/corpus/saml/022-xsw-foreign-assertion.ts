/** The signed element is called Assertion in a namespace of its own; a search by local name finds it. */
import type { SamlCase } from './kit.js';
import { ASSERTION, response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'a signed Assertion of another namespace beside an unsigned one',
  source: 'Jensen et al. 2011: the curse of namespaces in the domain of XML signature',
  check: 'saml.one_assertion',
  build: (kit) => {
    const foreign = kit
      .signed({ assertionId: '_foreign' })
      .replaceAll('saml:', 'evil:')
      .replaceAll('xmlns:saml=', 'xmlns:evil=');
    const other = foreign.replace(ASSERTION, 'urn:evil');
    return response(kit.evil(), { extensions: `<samlp:Extensions>${other}</samlp:Extensions>` });
  },
};
