/** The server would read its own files. */
import type { SamlCase } from './kit.js';
import { PERSON } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an external entity of a file',
  source: 'CWE-611; CVE-2020-26290',
  check: 'saml.entity',
  build: (kit) => `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>${kit.answer().replaceAll(PERSON, '&x;')}`,
};
