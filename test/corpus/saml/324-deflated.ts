/** Only the redirect binding deflates, and it does not carry answers here; unpacking is how a small message becomes a large one. */
import { deflateRawSync } from 'node:zlib';
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'a deflated answer',
  source: 'SAML 2.0 Bindings 3.4.4.1; decompression bomb',
  check: 'saml.xml',
  build: (kit) => ({ posted: deflateRawSync(kit.answer()).toString('base64') }),
};
