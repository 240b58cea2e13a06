/** Each reference is a canonicalization of the whole. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'a hundred references',
  source: 'CVE-2021-39171 (passport-saml)',
  check: 'saml.reference',
  build: (kit) => kit.answer({}, { references: (own) => own.repeat(100) }),
};
