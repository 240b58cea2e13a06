/** A condition that is not understood makes the assertion indeterminate. */
import type { SamlCase } from './kit.js';
import { AUDIENCE, restriction } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'a condition that nobody knows',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 2.5.1',
  check: 'saml.condition',
  build: (kit) => kit.answer({ audiences: `${restriction(AUDIENCE)}<saml:Condition></saml:Condition>` }),
};
