/** An attribute statement more. */
import type { SamlCase } from './kit.js';
import { samlAttribute } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an attribute was added after signing',
  source: 'XML Signature 3.2',
  check: 'saml.signature',
  build: (kit) =>
    kit.answer().replace('</saml:AttributeStatement>', `${samlAttribute('role', 'admin')}</saml:AttributeStatement>`),
};
