/** An assertion without an ID cannot be limited to one use. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'an assertion without ID in a signed response',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 2.3.3',
  check: 'saml.reference',
  build: (kit) => kit.whole({ assertionId: undefined }),
  twin: (kit) => kit.whole(),
};
