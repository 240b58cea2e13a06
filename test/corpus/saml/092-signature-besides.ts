/** The signature that counts is right; another one stands where nobody looks, yet. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';
import { takeSignature } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'a second signature inside Extensions',
  source: 'SAML 2.0 Core 5.4.1',
  check: 'saml.signature',
  build: (kit) => {
    const { signature } = takeSignature(kit.signed({}, { key: kit.attacker.privateKey }));
    return response(kit.signed(), { extensions: `<samlp:Extensions>${signature}</samlp:Extensions>` });
  },
};
