/** The response has a signature of the attacker in front of that of the IdP. */
import type { SamlCase } from './kit.js';
import { putSignature, takeSignature } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'two signatures of the response',
  source: 'SAML 2.0 Core 5.4.1',
  check: 'saml.signature',
  build: (kit) => {
    const own = takeSignature(kit.whole());
    const theirs = takeSignature(kit.whole({}, { key: kit.attacker.privateKey }));
    return putSignature(own.bare, theirs.signature + own.signature);
  },
  twin: (kit) => kit.whole(),
};
