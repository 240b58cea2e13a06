/** One reader takes the first, another the last. */

import { issuer } from '../saml/kit-documents.js';
import { IDP, type LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'two issuers',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'saml.one_message',
  build: (kit) => ({
    input: kit.redirect(toLogoutXml({ issuer: issuer(IDP) + issuer('https://other.example/saml') })),
  }),
};
