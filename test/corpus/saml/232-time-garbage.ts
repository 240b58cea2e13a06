/** A time that cannot be read is not "no limit". */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'NotOnOrAfter is no time',
  source: 'fail closed',
  check: 'saml.not_on_or_after',
  build: (kit) => kit.answer({ notOnOrAfter: 'never' }),
};
