/** A name that every object has. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'the signature method is the name of a property of objects',
  source: 'Prototype look-ups',
  check: 'saml.algorithm',
  build: (kit) => ({ input: kit.redirect(toLogoutXml(), { algorithm: 'constructor' }) }),
};
