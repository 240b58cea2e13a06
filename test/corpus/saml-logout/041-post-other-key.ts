/** The forger has a key of their own, and encloses the IdP's certificate. */

import { type LogoutCase, postedTwin } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'a posted request that another key signed',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'saml.signature',
  build: (kit) => ({ input: kit.post(kit.sign(toLogoutXml(), { key: kit.attacker.privateKey })) }),
  twin: postedTwin,
};
