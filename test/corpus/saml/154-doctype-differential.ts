/** REXML and Nokogiri end this declaration at different places, and so see different documents. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'a DOCTYPE that two parsers end differently',
  source: 'CVE-2025-25291, CVE-2025-25292 (ruby-saml)',
  check: 'saml.doctype',
  build: (kit) => `<!DOCTYPE r [<!ENTITY x "<!-- ]>">]>${kit.answer()}`,
};
