/** A lenient parser takes it anywhere. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'a DOCTYPE behind the response',
  source: 'CVE-2025-25291 (ruby-saml)',
  check: 'saml.doctype',
  build: (kit) => `${kit.answer()}<!DOCTYPE x>`,
};
