/** The signature stays and the name is another. */

import { PERSON, VICTIM } from '../saml/kit-documents.js';
import { type LogoutCase, postedTwin } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'the name was changed after the signature',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'saml.signature',
  build: (kit) => ({ input: kit.post(kit.sign(toLogoutXml()).replace(PERSON, VICTIM)) }),
  twin: postedTwin,
};
