/** The unused bits of the last letter: two texts of one message. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'base64 with bits behind its end',
  source: 'RFC 4648 3.5',
  check: 'saml.base64',
  build: (kit) => {
    const posted = Buffer.from(`${kit.answer()}  `.slice(0, -2)).toString('base64');
    const padded = posted.endsWith('=') ? posted : Buffer.from(`${kit.answer()} `).toString('base64');
    const last = padded.replace(/=+$/, '').length - 1;
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const next = alphabet[alphabet.indexOf(padded.charAt(last)) + 1] ?? '/';
    return { posted: padded.slice(0, last) + next + padded.slice(last + 1) };
  },
};
