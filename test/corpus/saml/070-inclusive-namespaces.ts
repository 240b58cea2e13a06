/** A prefix list is part of the exclusive canonicalization and common (xs). */
import type { SamlCase } from './kit.js';
import { EXCLUSIVE } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'a transform with InclusiveNamespaces',
  source: 'Exclusive XML Canonicalization 1.0; ADFS, Shibboleth send it',
  check: 'harmless',
  build: (kit) =>
    kit.answer(
      {},
      {
        signedInfo: (xml) =>
          xml.replace(
            `<ds:Transform Algorithm="${EXCLUSIVE}">`,
            `<ds:Transform Algorithm="${EXCLUSIVE}"><ec:InclusiveNamespaces xmlns:ec="${EXCLUSIVE}" PrefixList="xs"></ec:InclusiveNamespaces>`,
          ),
      },
    ),
};
