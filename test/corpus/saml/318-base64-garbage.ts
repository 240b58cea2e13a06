/** A lenient decoder skips what it does not know, so two texts are one message. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'characters that are not of base64',
  source: 'RFC 4648 3.3',
  check: 'saml.base64',
  build: (kit) => ({ posted: `!${Buffer.from(kit.answer()).toString('base64')}` }),
};
