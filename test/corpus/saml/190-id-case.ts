/** The assertion has ID, and the reference finds Id first. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'two IDs in one element: ID and Id',
  source: 'xml-crypto looks for Id, ID and id',
  check: 'saml.reference',
  build: (kit) => response(kit.signed({ assertionExtra: ' Id="_other"' }, { uri: '#_other' })),
};
