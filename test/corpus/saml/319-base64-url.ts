/** The alphabet of URLs is another one. */
import type { SamlCase } from './kit.js';
import { PERSON } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'base64 of the alphabet for URLs',
  source: 'RFC 4648 5',
  check: 'saml.base64',
  build: (kit) => ({ posted: Buffer.from(kit.answer().replaceAll(PERSON, '\u00ff\u00ff?>>')).toString('base64url') }),
};
