/** It only begins like Success. */
import type { SamlCase } from './kit.js';
import { SUCCESS, status } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'a status that begins like Success',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.2.2.2',
  check: 'saml.status',
  build: (kit) => kit.answer({ status: status(`${SUCCESS}ful`) }),
};
