/** The NameID is an entity, and the signature is checked before it is replaced. */
import type { SamlCase } from './kit.js';
import { PERSON, VICTIM } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an internal entity as NameID',
  source: 'CVE-2025-23369 (GitHub: entities around the signature)',
  check: 'saml.entity',
  build: (kit) => `<!DOCTYPE r [<!ENTITY who "${VICTIM}">]>${kit.answer().replaceAll(PERSON, '&who;')}`,
};
