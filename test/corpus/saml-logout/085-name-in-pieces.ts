/** The text around an element was read in parts by several libraries. */

import { nameId, PERSON } from '../saml/kit-documents.js';
import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'an element inside the name',
  source: 'CVE-2017-11427',
  check: 'saml.name_id',
  build: (kit) => ({ input: kit.redirect(toLogoutXml({ name: nameId(`${PERSON}<saml:x></saml:x>.evil.example`) })) }),
};
