/** The same signature in other words: a store of used assertions must not count it as another. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'SignatureValue with unused bits',
  source: 'RFC 4648 3.5; replay under another spelling',
  check: 'saml.signature',
  build: (kit) =>
    kit
      .answer()
      .replace(
        /(.)==<\/ds:SignatureValue>/,
        (_, last: string) => `${String.fromCharCode(last.charCodeAt(0) + 1)}==</ds:SignatureValue>`,
      ),
};
