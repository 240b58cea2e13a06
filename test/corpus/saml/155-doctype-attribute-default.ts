/** A declared default gives every assertion an ID. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'a DOCTYPE with an attribute of type ID',
  source: 'Jensen et al.: schema hardening against XSW',
  check: 'saml.doctype',
  build: (kit) => `<!DOCTYPE r [<!ATTLIST saml:Assertion ID ID "_assertion">]>${kit.answer()}`,
};
