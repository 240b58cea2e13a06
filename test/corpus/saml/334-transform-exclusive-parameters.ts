/** The exclusive canonicalization has a list of prefixes and no other parameter. */
import type { SamlCase } from './kit.js';
import { EXCLUSIVE } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'an XPath below the exclusive canonicalization',
  source: 'W3C XML Signature Best Practices',
  check: 'saml.transform',
  build: (kit) =>
    kit.answer(
      {},
      {
        references: (own) =>
          own.replace(
            `<ds:Transform Algorithm="${EXCLUSIVE}">`,
            `<ds:Transform Algorithm="${EXCLUSIVE}"><ds:XPath>//*</ds:XPath>`,
          ),
      },
    ),
};
