/** Two sign-ins, of which one may be over. */
import type { SamlCase } from './kit.js';
import { at } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'two AuthnStatements',
  source: 'SAML 2.0 Profiles 4.1.4.3 (saml-profiles-2.0-os)',
  check: 'saml.authn_statement',
  build: (kit) =>
    kit.answer({
      authn: `<saml:AuthnStatement AuthnInstant="${at(-1)}"></saml:AuthnStatement><saml:AuthnStatement AuthnInstant="${at(-60)}" SessionNotOnOrAfter="${at(-30)}"></saml:AuthnStatement>`,
    }),
};
