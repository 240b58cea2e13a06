/** A version that is missing is not 2.0. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'no version of the assertion',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 2.3.3',
  check: 'saml.version',
  build: (kit) => kit.answer({ assertionVersion: undefined }),
};
