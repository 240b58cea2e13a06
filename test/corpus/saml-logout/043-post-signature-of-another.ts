/** A signature that the IdP made for another message. */

import { nameId, VICTIM } from '../saml/kit-documents.js';
import { putSignature, takeSignature } from '../saml/kit-signing.js';
import { type LogoutCase, postedTwin } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'the enclosed signature of another message',
  source: 'Somorovsky et al., On Breaking SAML, USENIX Security 2012',
  check: 'saml.signature',
  build: (kit) => {
    const { signature } = takeSignature(kit.sign(toLogoutXml({ name: nameId(VICTIM) })));
    return { input: kit.post(putSignature(toLogoutXml(), signature)) };
  },
  twin: postedTwin,
};
