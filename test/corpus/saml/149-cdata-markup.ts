/** For one reader this is an assertion, for another it is text. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an evil assertion in CDATA',
  source: 'CVE-2025-66567 (ruby-saml)',
  check: 'saml.xml',
  build: (kit) =>
    response(kit.signed(), { extensions: `<samlp:Extensions><![CDATA[${kit.evil()}]]></samlp:Extensions>` }),
};
