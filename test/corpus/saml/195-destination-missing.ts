/** A signed response must say where it goes. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'a signed response without Destination',
  source: 'SAML 2.0 Bindings 3.5.5.2',
  check: 'saml.destination',
  build: (kit) => kit.whole({ destination: undefined }),
  twin: (kit) => kit.whole(),
};
