/** A search for DigestValue in the whole document finds the one of the attacker. */
import type { SamlCase } from './kit.js';
import { response, SUCCESS, status } from './kit-documents.js';
import { canonicalOf, DSIG, digestOf, putSignature, takeSignature } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'a DigestValue smuggled into StatusDetail',
  source: 'CVE-2024-45409 (ruby-saml)',
  check: 'saml.signature',
  build: (kit) => {
    const { signature } = takeSignature(kit.signed());
    const bare = kit.evil({ assertionId: '_assertion' });
    const forged = `<ds:DigestValue xmlns:ds="${DSIG}">${digestOf(canonicalOf(bare, '_assertion'))}</ds:DigestValue>`;
    return response(putSignature(bare, signature), {
      status: status(SUCCESS, '', `<samlp:StatusDetail>${forged}</samlp:StatusDetail>`),
    });
  },
};
