/** An element called Signature of another namespace. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';
import { DSIG } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'a Signature of another namespace',
  source: 'W3C XML Signature Best Practices',
  check: 'saml.signature',
  build: (kit) => response(kit.signed().replaceAll(DSIG, 'urn:evil#')),
};
