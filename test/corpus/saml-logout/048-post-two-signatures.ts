/** One is verified and the other is not. */

import { putSignature, takeSignature } from '../saml/kit-signing.js';
import { type LogoutCase, postedTwin } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'two signatures',
  source: 'Somorovsky et al., On Breaking SAML, USENIX Security 2012',
  check: 'saml.one_message',
  build: (kit) => {
    const { signature } = takeSignature(kit.sign(toLogoutXml()));
    return { input: kit.post(putSignature(kit.sign(toLogoutXml()), signature)) };
  },
  twin: postedTwin,
};
