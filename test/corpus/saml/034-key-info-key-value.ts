/** A bare public key in KeyInfo. */
import type { SamlCase } from './kit.js';
import { VICTIM } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'KeyInfo brings an RSAKeyValue of the attacker',
  source: 'CVE-2021-21239 (pysaml2: xmlsec1 takes any key type)',
  check: 'saml.certificate',
  build: (kit) => {
    const { n, e } = kit.attacker.publicKey.export({ format: 'jwk' });
    const value = `<ds:RSAKeyValue><ds:Modulus>${n}</ds:Modulus><ds:Exponent>${e}</ds:Exponent></ds:RSAKeyValue>`;
    const keyInfo = `<ds:KeyInfo><ds:KeyValue>${value}</ds:KeyValue></ds:KeyInfo>`;
    return kit.answer({ person: VICTIM }, { key: kit.attacker.privateKey, keyInfo });
  },
};
