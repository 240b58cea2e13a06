/** The signed request is hidden in one that the attacker wrote (XSW). */

import { nameId, VICTIM } from '../saml/kit-documents.js';
import { putSignature, takeSignature } from '../saml/kit-signing.js';
import { type LogoutCase, postedTwin } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'the signed request inside the extensions of another',
  source: 'Somorovsky et al., On Breaking SAML, USENIX Security 2012',
  check: 'saml.one_message',
  build: (kit) => {
    const { signature, bare } = takeSignature(kit.sign(toLogoutXml()));
    const evil = toLogoutXml({
      id: '_evil',
      name: nameId(VICTIM),
      extensions: `<samlp:Extensions>${bare}</samlp:Extensions>`,
    });
    return { input: kit.post(putSignature(evil, signature)) };
  },
  twin: postedTwin,
};
