/** xmldom reads elements of this namespace as HTML, where markup may be text. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'an element of XHTML',
  source: 'xmldom: isHTML of the namespace',
  check: 'saml.xml',
  build: (kit) =>
    kit
      .answer()
      .replace('<samlp:Status>', '<h:script xmlns:h="http://www.w3.org/1999/xhtml"></h:script><samlp:Status>'),
};
