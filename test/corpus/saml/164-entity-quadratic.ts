/** One long entity, often. */
import type { SamlCase } from './kit.js';
import { PERSON } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'a quadratic blow-up of entities',
  source: 'CVE-2003-1564, the quadratic variant',
  check: 'saml.entity',
  build: (kit) =>
    `<!DOCTYPE r [<!ENTITY a "${'a'.repeat(50_000)}">]>${kit.answer().replaceAll(PERSON, '&a;'.repeat(5_000))}`,
};
