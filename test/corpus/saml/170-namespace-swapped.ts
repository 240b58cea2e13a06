/** Both prefixes are swapped, and so is the meaning of every name. */
import type { SamlCase } from './kit.js';
import { ASSERTION, PROTOCOL, response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'the prefixes of protocol and assertion are swapped',
  source: 'Jensen et al. 2011',
  check: 'saml.xml',
  build: (kit) =>
    response(kit.signed()).replace(
      `xmlns:samlp="${PROTOCOL}" xmlns:saml="${ASSERTION}"`,
      `xmlns:samlp="${ASSERTION}" xmlns:saml="${PROTOCOL}"`,
    ),
};
