/** Nothing is signed at all. */
import type { SamlCase } from './kit.js';
import { assertion, response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an answer without any signature',
  source: 'CVE-2020-26290 (dex), CVE-2025-47949 (samlify)',
  check: 'saml.signature',
  build: () => response(assertion()),
};
