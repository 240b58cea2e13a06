/** It does not say that the sign-in succeeded. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'no Status',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.2.2',
  check: 'saml.status',
  build: (kit) => kit.answer({ status: '' }),
};
