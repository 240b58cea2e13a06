/** Text outside the root is not XML, however lenient the parser. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'text behind the root',
  source: 'CVE-2022-39353 (xmldom)',
  check: 'saml.xml',
  build: (kit) => `${kit.answer()}evil`,
};
