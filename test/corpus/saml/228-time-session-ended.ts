/** The session at the IdP is over. */
import type { SamlCase } from './kit.js';
import { at } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'SessionNotOnOrAfter in the past',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 2.7.2',
  check: 'saml.not_on_or_after',
  build: (kit) =>
    kit.answer({
      authn: `<saml:AuthnStatement AuthnInstant="${at(-60)}" SessionNotOnOrAfter="${at(-2)}"></saml:AuthnStatement>`,
    }),
  twin: (kit) =>
    kit.answer({
      authn: `<saml:AuthnStatement AuthnInstant="${at(-60)}" SessionNotOnOrAfter="${at(60)}"></saml:AuthnStatement>`,
    }),
};
