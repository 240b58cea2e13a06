/** Scanners look for ASCII letters. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'the document is in UTF-16',
  source: 'CVE-2019-12415 and other XXE by encoding',
  check: 'saml.xml',
  build: (kit) => ({ xml: Buffer.from(`\ufeff${kit.answer()}`, 'utf16le') }),
};
