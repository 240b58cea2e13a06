/** IdPs break the lines of digest and signature. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'line breaks in SignatureValue',
  source: 'XML Signature 4.3',
  check: 'harmless',
  build: (kit) =>
    kit
      .answer()
      .replace(
        /(<ds:SignatureValue>)([^<]+)/,
        (_, open: string, value: string) => `${open}\n${value.replace(/.{76}/g, '$&\n')}\n`,
      ),
};
