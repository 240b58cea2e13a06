/** The encrypted one would not be looked at. */

import { nameId, PERSON } from '../saml/kit-documents.js';
import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'an encrypted name beside the plain one',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'saml.name_id',
  build: (kit) => ({
    input: kit.redirect(toLogoutXml({ name: `${nameId(PERSON)}<saml:EncryptedID></saml:EncryptedID>` })),
  }),
};
