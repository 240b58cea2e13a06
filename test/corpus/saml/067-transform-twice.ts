/** Twice the enveloped-signature transform takes out another signature. */
import type { SamlCase } from './kit.js';
import { ENVELOPED, EXCLUSIVE } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'the enveloped-signature transform twice',
  source: 'CVE-2021-39171 (passport-saml: many transforms)',
  check: 'saml.transform',
  build: (kit) => kit.answer({}, { transforms: [ENVELOPED, ENVELOPED, EXCLUSIVE] }),
};
