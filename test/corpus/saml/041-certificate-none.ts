/** A connection whose certificates are gone must let nobody in. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'no certificate is pinned',
  source: 'fail closed',
  check: 'saml.certificate',
  build: (kit) => ({ xml: kit.answer(), expected: { certificates: [] } }),
};
