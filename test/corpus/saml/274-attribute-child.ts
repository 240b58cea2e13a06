/** The text of an element and that of its children are not the same: a value that is no text is none. */
import type { SamlCase } from './kit.js';
import { samlAttribute, VICTIM } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an element inside an attribute value',
  source: 'Duo Labs 2018: CVE-2017-11427, CVE-2017-11428, CVE-2018-0489; CVE-2025-54369 (node-saml)',
  check: 'harmless',
  content: { attributes: { email: [] } },
  build: (kit) =>
    kit.answer({
      attributes: `<saml:AttributeStatement>${samlAttribute('email', `${VICTIM}<saml:x></saml:x>`)}</saml:AttributeStatement>`,
    }),
};
