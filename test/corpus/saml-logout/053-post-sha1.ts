/** SHA-1 is broken. */

import { type LogoutCase, RSA_SHA1 } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'a posted request signed with SHA-1',
  source: 'SHAttered (Stevens et al., 2017)',
  check: 'saml.algorithm',
  build: (kit) => ({ input: kit.post(kit.sign(toLogoutXml(), { algorithm: RSA_SHA1 })) }),
  twin: (kit) => ({ input: kit.post(kit.sign(toLogoutXml(), { algorithm: RSA_SHA1 })), expected: { allowSha1: true } }),
};
