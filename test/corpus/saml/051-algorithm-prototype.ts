/** A table of algorithms that is a plain object knows this name too. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'the name of an algorithm is constructor',
  source: 'prototype pollution, OWASP',
  check: 'saml.algorithm',
  build: (kit) => kit.answer({}, { algorithm: 'constructor', digest: '__proto__' }),
};
