/** The signature is true, of another element. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';
import { canonicalOf, digestOf, reference } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'the signature of an evil assertion is about Extensions',
  source: 'CVE-2024-45409 (ruby-saml)',
  check: 'saml.reference',
  build: (kit) => {
    const xml = response(kit.evil(), { extensions: `<samlp:Extensions ID="_extensions"></samlp:Extensions>` });
    const references = () => reference('#_extensions', digestOf(canonicalOf(xml, '_extensions')));
    return kit.sign(xml, { id: '_evil', references });
  },
};
