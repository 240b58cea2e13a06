/** The attacker's request is around the signed one (XSW). */

import { nameId, VICTIM } from '../saml/kit-documents.js';
import { type LogoutCase, postedTwin } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'the signed request inside another request',
  source: 'Somorovsky et al., On Breaking SAML, USENIX Security 2012',
  check: 'saml.one_message',
  build: (kit) => {
    const inner = kit.sign(toLogoutXml());
    return { input: kit.post(toLogoutXml({ id: '_evil', name: nameId(VICTIM) + inner })) };
  },
  twin: postedTwin,
};
