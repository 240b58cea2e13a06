/** Our name is how theirs begins. */
import type { SamlCase } from './kit.js';
import { AUDIENCE, restriction } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an audience that begins like ours',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 2.5.1.4',
  check: 'saml.audience',
  build: (kit) => kit.answer({ audiences: restriction(`${AUDIENCE}-other`) }),
};
