/** A second statement counts as well as the first; both are signed. */
import type { SamlCase } from './kit.js';
import { samlAttribute } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'two attribute statements',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 2.3.3',
  check: 'harmless',
  content: { attributes: { role: ['a', 'b'] } },
  build: (kit) =>
    kit.answer({
      attributes: `<saml:AttributeStatement>${samlAttribute('role', 'a')}</saml:AttributeStatement><saml:AttributeStatement>${samlAttribute('role', 'b')}</saml:AttributeStatement>`,
    }),
};
