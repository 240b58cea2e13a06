/** The signed request is hidden in the signature itself (XSW). */

import { nameId, VICTIM } from '../saml/kit-documents.js';
import { putSignature, takeSignature } from '../saml/kit-signing.js';
import { type LogoutCase, postedTwin } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'the signed request inside an object of the signature',
  source: 'Somorovsky et al., On Breaking SAML, USENIX Security 2012',
  check: 'saml.one_message',
  build: (kit) => {
    const { signature, bare } = takeSignature(kit.sign(toLogoutXml()));
    const holding = signature.replace('</ds:Signature>', `<ds:Object>${bare}</ds:Object></ds:Signature>`);
    return { input: kit.post(putSignature(toLogoutXml({ id: '_evil', name: nameId(VICTIM) }), holding)) };
  },
  twin: postedTwin,
};
