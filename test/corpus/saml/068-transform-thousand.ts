/** Every transform is work before anything is verified. */
import type { SamlCase } from './kit.js';
import { ENVELOPED, EXCLUSIVE } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'a thousand transforms',
  source: 'CVE-2021-39171 (passport-saml: many transforms)',
  check: 'saml.transform',
  build: (kit) => kit.answer({}, { transforms: [ENVELOPED, ...Array<string>(1000).fill(EXCLUSIVE)] }),
};
