/** A reader that takes the last assertion is as wrong as one that takes the first. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an evil assertion behind the signed one',
  source: 'CVE-2022-41912 (crewjam/saml: more than one assertion)',
  check: 'saml.one_assertion',
  build: (kit) => response(kit.signed() + kit.evil()),
};
