/** Without its end it is not whole. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'base64 without its padding',
  source: 'RFC 4648 3.2',
  check: 'saml.base64',
  build: (kit) => ({
    posted: Buffer.from(`${kit.answer()}${' '.repeat(2 - ((Buffer.byteLength(kit.answer()) + 1) % 3))}`)
      .toString('base64')
      .replace(/=+$/, '')
      .slice(0, -1),
  }),
};
