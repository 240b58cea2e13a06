/** The public key is public: everybody can encrypt. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an encrypted assertion that nobody signed',
  source: 'CVE-2024-9487, CVE-2024-4985 (GitHub Enterprise Server)',
  check: 'saml.signature',
  build: (kit) => response(kit.encrypt(kit.evil())),
  twin: (kit) => response(kit.encrypt(kit.signed())),
};
