/** It was issued in the future. */
import type { SamlCase } from './kit.js';
import { at } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'IssueInstant in the future',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 2.3.3',
  check: 'saml.not_before',
  build: (kit) => kit.answer({ assertionInstant: at(60) }),
};
