/** The signature of the assertion is in the unsigned part. */
import type { SamlCase } from './kit.js';
import { response, SUCCESS, status } from './kit-documents.js';
import { takeSignature } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'the signature inside StatusDetail of the response',
  source: 'CVE-2024-45409 (ruby-saml)',
  check: 'saml.signature',
  build: (kit) => {
    const { signature, bare } = takeSignature(kit.signed());
    return response(bare, { status: status(SUCCESS, '', `<samlp:StatusDetail>${signature}</samlp:StatusDetail>`) });
  },
};
