/** References in a Manifest are not part of the core validation. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';
import { canonicalOf, DSIG, digestOf, reference } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'the assertion is referred to by a Manifest only',
  source: 'W3C XML Signature Best Practices 2.5',
  check: 'saml.signature',
  build: (kit) => {
    const xml = response(kit.evil());
    const inner = reference('#_evil', digestOf(canonicalOf(xml, '_evil')));
    const manifest = `<ds:Manifest xmlns:ds="${DSIG}" ID="_manifest">${inner}</ds:Manifest>`;
    const references = () =>
      reference('#_manifest', digestOf(manifest)).replace(' URI=', ` Type="${DSIG}Manifest" URI=`);
    return kit.sign(xml, { id: '_evil', references, behind: `<ds:Object>${manifest}</ds:Object>` });
  },
};
