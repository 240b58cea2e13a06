/** The signature would have to contain its own digest. */
import type { SamlCase } from './kit.js';
import { EXCLUSIVE } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'only the exclusive canonicalization',
  source: 'SAML 2.0 Core 5.4.4',
  check: 'saml.transform',
  build: (kit) => kit.answer({}, { transforms: [EXCLUSIVE] }),
};
