/** The signature of a valid answer is taken out and the person is replaced. */
import type { SamlCase } from './kit.js';
import { PERSON, response, VICTIM } from './kit-documents.js';
import { takeSignature } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'the signature is taken out',
  source: 'Somorovsky et al. 2012: signature exclusion',
  check: 'saml.signature',
  build: (kit) => response(takeSignature(kit.signed()).bare.replaceAll(PERSON, VICTIM)),
};
