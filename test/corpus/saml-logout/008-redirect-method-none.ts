/** A method that nobody knows must not mean that nothing is verified. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'an unknown signature method',
  source: 'alg none (McLean, 2015)',
  check: 'saml.algorithm',
  build: (kit) => ({ input: kit.redirect(toLogoutXml(), { algorithm: 'none' }) }),
};
