/** The end of a section that never began: one reader keeps it, another ends something. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: ']]> in a text',
  source: 'XML 1.0 2.4',
  check: 'saml.xml',
  build: (kit) => kit.answer().replace('<samlp:Status>', '<samlp:x>]]&gt;]]></samlp:x><samlp:Status>'),
};
