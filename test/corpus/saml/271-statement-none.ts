/** An attribute query is answered with an assertion too, and nobody signed in for it. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'no AuthnStatement',
  source: 'SAML 2.0 Profiles 4.1.4.3 (saml-profiles-2.0-os)',
  check: 'saml.authn_statement',
  build: (kit) => kit.answer({ authn: '' }),
};
