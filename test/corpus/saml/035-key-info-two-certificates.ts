/** The pinned certificate beside the one that signed. */
import type { SamlCase } from './kit.js';
import { VICTIM } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'KeyInfo brings the pinned certificate and that of the attacker',
  source: 'CVE-2018-14637 and other key confusions; W3C XML Signature Best Practices',
  check: 'saml.signature',
  build: (kit) => {
    const keyInfo = kit.keyInfo(kit.idp) + kit.keyInfo(kit.attacker);
    return kit.answer({ person: VICTIM }, { key: kit.attacker.privateKey, keyInfo });
  },
  twin: (kit) => kit.answer({}, { keyInfo: kit.keyInfo(kit.idp) }),
};
