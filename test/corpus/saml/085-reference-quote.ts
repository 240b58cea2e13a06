/** The library builds an XPath from the ID. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';
import { putSignature, takeSignature } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'a quote in the ID, for XPath injection',
  source: 'xml-crypto: "xpath injection"',
  check: 'saml.reference',
  build: (kit) => {
    const id = '_a" or "1"="1'.replaceAll('"', '&quot;');
    const { signature, bare } = takeSignature(kit.signed());
    return response(
      putSignature(bare.replace('ID="_assertion"', `ID="${id}"`), signature.replace('#_assertion', `#${id}`)),
    );
  },
};
