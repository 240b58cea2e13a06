/** GCM notices every changed bit, also of what the signature does not cover: here a letter of the certificate in KeyInfo. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'changed bytes of AES-GCM',
  source: 'NIST SP 800-38D',
  check: 'saml.decryption',
  build: (kit) => {
    const xml = kit.signed();
    const at = 12 + xml.indexOf('<ds:X509Certificate>') + 30;
    const change = (bytes: Buffer) => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
    return response(kit.encrypt(xml, { cipher: (bytes) => Buffer.from(change(bytes)) }));
  },
  twin: (kit) => response(kit.encrypt(kit.signed())),
};
