/** A key of 1024 bits is no secret for those who can pay. */
import { generateKeyPairSync } from 'node:crypto';
import type { SamlCase } from './kit.js';
import { createCertificate } from './kit-keys.js';

export const attack: SamlCase = {
  name: 'a pinned certificate of 1024 bits',
  source: 'NIST SP 800-131A',
  check: 'saml.certificate',
  build: (kit) => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    return {
      xml: kit.answer({}, { key: privateKey, keyInfo: '' }),
      expected: { certificates: [createCertificate(privateKey, 'idp.corp.example')] },
    };
  },
};
