/** A canonicalization that fails yields the empty text, and its digest is known. */
import type { SamlCase } from './kit.js';
import { digestOf } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'the digest of the empty text',
  source: 'CVE-2025-66568 (ruby-saml: libxml2 canonicalizes to nothing)',
  check: 'saml.signature',
  build: (kit) => kit.answer({}, { references: (own, digest) => own.replace(digest, digestOf('')) }),
};
