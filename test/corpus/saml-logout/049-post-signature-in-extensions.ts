/** A signature where nobody looks is none. */

import { takeSignature } from '../saml/kit-signing.js';
import { type LogoutCase, postedTwin } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'the signature is in the extensions',
  source: 'Somorovsky et al., On Breaking SAML, USENIX Security 2012',
  check: 'saml.signature',
  build: (kit) => {
    const { signature } = takeSignature(kit.sign(toLogoutXml()));
    return { input: kit.post(toLogoutXml({ extensions: `<samlp:Extensions>${signature}</samlp:Extensions>` })) };
  },
  twin: postedTwin,
};
