/** Two elements that one id means. */

import { putSignature, takeSignature } from '../saml/kit-signing.js';
import { type LogoutCase, postedTwin } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'an id is there twice',
  source: 'Somorovsky et al., On Breaking SAML, USENIX Security 2012',
  check: 'saml.duplicate_id',
  build: (kit) => {
    const extensions = '<samlp:Extensions><samlp:x Id="_logout"></samlp:x></samlp:Extensions>';
    return {
      input: kit.post(putSignature(toLogoutXml({ extensions }), takeSignature(kit.sign(toLogoutXml())).signature)),
    };
  },
  twin: postedTwin,
};
