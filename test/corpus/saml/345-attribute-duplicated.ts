/** Keycloak sends one attribute for each role; all values count, in their order. */
import type { SamlCase } from './kit.js';
import { samlAttribute } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'the same attribute twice',
  source: 'Keycloak: single role attribute off',
  check: 'harmless',
  content: { attributes: { role: ['a', 'b'] } },
  build: (kit) =>
    kit.answer({
      attributes: `<saml:AttributeStatement>${samlAttribute('role', 'a')}${samlAttribute('role', 'b')}</saml:AttributeStatement>`,
    }),
};
