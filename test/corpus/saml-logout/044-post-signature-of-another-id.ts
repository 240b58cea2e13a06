/** The reference leads to an id that is not there. */

import { putSignature, takeSignature } from '../saml/kit-signing.js';
import { type LogoutCase, postedTwin } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'the signature of a message with another id',
  source: 'Somorovsky et al., On Breaking SAML, USENIX Security 2012',
  check: 'saml.reference',
  build: (kit) => {
    const { signature } = takeSignature(kit.sign(toLogoutXml({ id: '_theirs' }), { id: '_theirs' }));
    return { input: kit.post(putSignature(toLogoutXml(), signature)) };
  },
  twin: postedTwin,
};
