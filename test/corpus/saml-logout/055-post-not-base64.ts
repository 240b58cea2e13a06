/** Two spellings of the same bytes. */
import { type LogoutCase, postedTwin } from './kit.js';

export const attack: LogoutCase = {
  name: 'the posted message is not base64',
  source: 'SAML 2.0 Bindings (saml-bindings-2.0-os) 3.4.4.1',
  check: 'saml.base64',
  build: () => ({ input: { method: 'POST', parameters: { SAMLRequest: '<samlp:LogoutRequest/>' } } }),
  twin: postedTwin,
};
