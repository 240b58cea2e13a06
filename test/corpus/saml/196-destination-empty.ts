/** Empty is not missing. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'an empty Destination',
  source: 'SAML 2.0 Bindings 3.5.5.2; CVE-2018-7340',
  check: 'saml.destination',
  build: (kit) => kit.answer({ destination: '' }),
};
