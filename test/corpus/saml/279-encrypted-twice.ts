/** Two of them, one by the attacker. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'two encrypted assertions',
  source: 'CVE-2022-41912 (crewjam/saml)',
  check: 'saml.one_assertion',
  build: (kit) => response(kit.encrypt(kit.signed()) + kit.encrypt(kit.evil())),
  twin: (kit) => response(kit.encrypt(kit.signed())),
};
