/** More than anybody needs. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'an answer over the cap',
  source: 'denial of service',
  check: 'saml.size',
  build: (kit) => ({
    posted: Buffer.from(kit.answer().replace('<samlp:Status>', `${' '.repeat(265_000)}<samlp:Status>`)).toString(
      'base64',
    ),
  }),
};
