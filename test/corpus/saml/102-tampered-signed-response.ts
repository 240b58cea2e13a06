/** The response was signed without this assertion. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'the assertion in a signed response was replaced',
  source: 'CVE-2025-54419 (node-saml: read what was not signed)',
  check: 'saml.signature',
  build: (kit) => {
    const xml = kit.whole();
    return xml.replace(/<saml:Assertion.*<\/saml:Assertion>/, kit.evil());
  },
  twin: (kit) => kit.whole(),
};
