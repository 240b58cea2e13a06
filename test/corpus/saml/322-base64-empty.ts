/** Nothing was posted. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'an empty answer',
  source: 'fail closed',
  check: 'saml.base64',
  build: () => ({ posted: '' }),
};
