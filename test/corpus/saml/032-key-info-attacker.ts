/** The certificate comes with the answer and fits the signature. */
import type { SamlCase } from './kit.js';
import { VICTIM } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'KeyInfo brings the certificate of the attacker',
  source: 'CVE-2024-32962 (xml-crypto trusts KeyInfo)',
  check: 'saml.certificate',
  build: (kit) => kit.answer({ person: VICTIM }, { key: kit.attacker.privateKey, keyInfo: kit.keyInfo(kit.attacker) }),
  twin: (kit) => kit.answer({}, { keyInfo: kit.keyInfo(kit.idp) }),
};
