/** The same in a signed response, whose assertion has no signature of its own. */
import type { Kit, SamlCase } from './kit.js';
import { nameId, PERSON } from './kit-documents.js';

/** The NameID declares a prefix that one of its attributes needs. */
function twin(kit: Kit): string {
  const name = nameId(PERSON).replace(' Format', ' xmlns:x="urn:x" Format').replace('">', '" x:a="1">');
  return kit.whole({ nameId: name });
}

export const attack: SamlCase = {
  name: 'an attribute hidden in the name of a namespace in a signed response',
  source: 'of the kind of CVE-2025-66568 (canonicalization); in xml-crypto 6.3.2',
  check: 'harmless',
  build: (kit) => {
    const xml = twin(kit);
    return xml.replace(/xmlns:x="urn:x" (Format="[^"]+)"/, (_, format: string) => `xmlns:x='urn:x" ${format}'`);
  },
  twin: (kit) => twin(kit),
};
