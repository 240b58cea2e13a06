/** An address without any message. */
import type { LogoutCase } from './kit.js';

export const attack: LogoutCase = {
  name: 'no message at all',
  source: 'SAML 2.0 Bindings (saml-bindings-2.0-os) 3.4.4.1',
  check: 'saml.parameters',
  build: () => ({ input: { method: 'GET', query: '' } }),
};
