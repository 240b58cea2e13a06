/** The enveloped-signature transform has no parameters; XPath does. */
import type { SamlCase } from './kit.js';
import { ENVELOPED } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'an XPath below the enveloped-signature transform',
  source: 'W3C XML Signature Best Practices',
  check: 'saml.transform',
  build: (kit) =>
    kit.answer(
      {},
      {
        references: (own) =>
          own.replace(
            `<ds:Transform Algorithm="${ENVELOPED}">`,
            `<ds:Transform Algorithm="${ENVELOPED}"><ds:XPath>//*</ds:XPath>`,
          ),
      },
    ),
};
