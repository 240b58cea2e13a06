/** It is compared in an index. */

import { nameId } from '../saml/kit-documents.js';
import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'a name that is too long',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'saml.name_id',
  build: (kit) => ({ input: kit.redirect(toLogoutXml({ name: nameId('x'.repeat(513)) })) }),
  twin: (kit) => ({ input: kit.redirect(toLogoutXml({ name: nameId('x'.repeat(512)) })) }),
};
