/** One of the two signatures is wrong; the other must not make up for it. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'a valid signature of the response around a wrong one of the assertion',
  source: 'fail closed: every signature that is there has to hold',
  check: 'saml.certificate',
  build: (kit) =>
    kit.sign(response(kit.signed({}, { key: kit.attacker.privateKey, keyInfo: '' })), { id: '_response' }),
  twin: (kit) => kit.sign(response(kit.signed()), { id: '_response' }),
};
