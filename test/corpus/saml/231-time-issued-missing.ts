/** Its age is unknown. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'no IssueInstant',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 2.3.3',
  check: 'saml.not_before',
  build: (kit) => kit.answer({ assertionInstant: undefined }),
};
