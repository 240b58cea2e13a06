/** Canonicalized first, taken out afterwards. */
import type { SamlCase } from './kit.js';
import { ENVELOPED, EXCLUSIVE } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'the transforms in the other order',
  source: 'SAML 2.0 Core 5.4.4',
  check: 'saml.transform',
  build: (kit) => kit.answer({}, { transforms: [EXCLUSIVE, ENVELOPED] }),
};
