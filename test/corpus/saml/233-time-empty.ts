/** Empty is not missing. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'NotOnOrAfter is empty',
  source: 'fail closed',
  check: 'saml.not_on_or_after',
  build: (kit) => kit.answer({ notOnOrAfter: '' }),
};
