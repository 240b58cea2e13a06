/** A response that is not signed need not name its issuer. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'no Issuer of the response',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.2.2',
  check: 'harmless',
  build: (kit) => kit.answer({ responseIssuer: '' }),
};
