/** Ten megabytes. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'an answer of ten megabytes',
  source: 'denial of service',
  check: 'saml.size',
  build: () => ({ posted: 'A'.repeat(10_000_000) }),
};
