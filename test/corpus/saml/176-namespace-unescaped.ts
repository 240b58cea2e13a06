/** xml-crypto writes the name of a namespace without escaping, so a quote in it becomes markup in the canonical bytes. The tree that came then has one attribute less than what was signed, and the signature holds. */
import type { Kit, SamlCase } from './kit.js';
import { nameId, PERSON } from './kit-documents.js';

/** The NameID declares a prefix that one of its attributes needs. */
function twin(kit: Kit): string {
  const name = nameId(PERSON).replace(' Format', ' xmlns:x="urn:x" Format').replace('">', '" x:a="1">');
  return kit.answer({ nameId: name });
}

export const attack: SamlCase = {
  name: 'an attribute hidden in the name of a namespace',
  source: 'of the kind of CVE-2025-66568 (canonicalization); in xml-crypto 6.3.2',
  check: 'harmless',
  build: (kit) => {
    const xml = twin(kit);
    return xml.replace(/xmlns:x="urn:x" (Format="[^"]+)"/, (_, format: string) => `xmlns:x='urn:x" ${format}'`);
  },
  twin: (kit) => twin(kit),
};
