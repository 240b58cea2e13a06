/** "" is the whole document, whatever that is by now. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'the reference is ""',
  source: 'SAML 2.0 Core 5.4.2',
  check: 'saml.reference',
  build: (kit) => kit.answer({}, { uri: '' }),
};
