/** A short address that unpacks to megabytes. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'a deflated bomb',
  source: 'Decompression bombs (CWE-409)',
  check: 'saml.size',
  build: (kit) => ({ input: kit.redirect(toLogoutXml({ extensions: ' '.repeat(4_000_000) })) }),
};
