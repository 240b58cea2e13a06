/** Two messages one after the other. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'two base64 texts one after the other',
  source: 'RFC 4648 3.2',
  check: 'saml.base64',
  build: (kit) => {
    const posted = Buffer.from(`${kit.answer()}  `).toString('base64').replace(/=*$/, '==');
    return { posted: posted + Buffer.from(kit.evil()).toString('base64') };
  },
};
