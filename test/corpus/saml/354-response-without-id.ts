/** An answer without an ID cannot be signed, and need not. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'an unsigned response without ID, around a signed assertion',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.2.2',
  check: 'harmless',
  build: (kit) => kit.answer({ responseId: undefined }),
};
