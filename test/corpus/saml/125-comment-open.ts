/** The rest of the document is a comment, for one of two readers. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'a comment that never ends',
  source: 'XML 1.0 2.5',
  check: 'saml.comment',
  build: (kit) => `${kit.answer()}<!-- `,
};
