/** The signed answer is hidden in another (XSW). */

import type { LogoutCase } from './kit.js';
import { toAnswerXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'the signed answer inside the extensions of another',
  source: 'Somorovsky et al., On Breaking SAML, USENIX Security 2012',
  check: 'saml.one_message',
  build: (kit) => {
    const inner = kit.sign(toAnswerXml({ inResponseTo: '_theirs' }));
    const extensions = `<samlp:Extensions>${inner}</samlp:Extensions>`;
    return { kind: 'response', input: kit.post(toAnswerXml({ id: '_evil', extensions }), 'SAMLResponse') };
  },
  twin: (kit) => ({ kind: 'response', input: kit.post(kit.sign(toAnswerXml()), 'SAMLResponse') }),
};
