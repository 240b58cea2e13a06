/** It could be delivered for ever. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'no NotOnOrAfter in the confirmation',
  source: 'SAML 2.0 Profiles 4.1.4.3 (saml-profiles-2.0-os)',
  check: 'saml.not_on_or_after',
  build: (kit) => kit.answer({ confirmedUntil: undefined }),
};
