/** IdPs break the lines of base64. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'base64 in lines',
  source: 'RFC 2045',
  check: 'harmless',
  build: (kit) => ({ posted: Buffer.from(kit.answer()).toString('base64').replace(/.{76}/g, '$&\r\n') }),
};
