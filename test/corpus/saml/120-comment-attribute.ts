/** The address comes from an attribute. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'a comment cuts an attribute value',
  source: 'Duo Labs 2018: CVE-2017-11427, CVE-2017-11428, CVE-2018-0489; CVE-2025-54369 (node-saml)',
  check: 'saml.comment',
  build: (kit) => kit.answer().replace('>staff<', '>admin<!-- -->staff<'),
};
