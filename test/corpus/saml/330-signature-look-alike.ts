/** A search for any Signature finds this one first. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an element signature of another namespace beside the real one',
  source: 'SAML 2.0 Core 5.4.1',
  check: 'saml.signature',
  build: (kit) =>
    response(kit.signed()).replace('<samlp:Status>', '<e:signature xmlns:e="urn:evil"></e:signature><samlp:Status>'),
};
