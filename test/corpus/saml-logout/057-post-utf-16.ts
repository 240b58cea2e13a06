/** Readers that guess the encoding read another document. */

import { type LogoutCase, postedTwin } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'a message in UTF-16',
  source: 'XML 1.0 4.3.3',
  check: 'saml.xml',
  build: (kit) => ({
    input: {
      method: 'POST',
      parameters: { SAMLRequest: Buffer.from(`\ufeff${kit.sign(toLogoutXml())}`, 'utf16le').toString('base64') },
    },
  }),
  twin: postedTwin,
};
