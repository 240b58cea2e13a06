/** A sign-in cannot be in the future. */
import type { SamlCase } from './kit.js';
import { at } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'AuthnInstant in the future',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 2.7.2',
  check: 'saml.authn_statement',
  build: (kit) => kit.answer({ authn: `<saml:AuthnStatement AuthnInstant="${at(60)}"></saml:AuthnStatement>` }),
};
