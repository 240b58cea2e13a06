/** A signature that the IdP made for another message. */

import { nameId } from '../saml/kit-documents.js';
import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'the signature of another message',
  source: 'SAML 2.0 Bindings (saml-bindings-2.0-os) 3.4.4.1',
  check: 'saml.certificate',
  build: (kit) => {
    const other = kit.redirect(toLogoutXml({ name: nameId('eve@corp.example') }));
    const theirs = other.method === 'GET' ? (other.query.split('&Signature=')[1] ?? '') : '';
    return {
      input: kit.redirect(toLogoutXml(), { patch: (query) => `${query.split('&Signature=')[0]}&Signature=${theirs}` }),
    };
  },
};
