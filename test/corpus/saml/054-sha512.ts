/** SHA-512 is as good as its neighbours. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'a SHA-512 signature and digest',
  source: 'RFC 6931',
  check: 'harmless',
  build: (kit) =>
    kit.answer(
      {},
      {
        algorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
        digest: 'http://www.w3.org/2001/04/xmlenc#sha512',
      },
    ),
};
