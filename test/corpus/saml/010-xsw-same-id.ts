/** Both assertions answer to the reference. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an evil assertion under the ID of the signed one',
  source: 'CVE-2016-5697 (ruby-saml)',
  check: 'saml.one_assertion',
  build: (kit) => response(kit.evil({ assertionId: '_assertion' }) + kit.signed()),
};
