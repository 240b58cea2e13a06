/** SubjectConfirmationData takes any content. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'the signed assertion inside SubjectConfirmationData of the evil one',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 2.4.1.2',
  check: 'saml.one_assertion',
  build: (kit) =>
    response(kit.evil().replace('</saml:SubjectConfirmationData>', `${kit.signed()}</saml:SubjectConfirmationData>`)),
};
