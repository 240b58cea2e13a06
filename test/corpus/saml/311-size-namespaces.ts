/** Every declaration is carried into every element. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'five thousand namespaces',
  source: 'denial of service: canonicalization',
  check: 'saml.size',
  build: (kit) =>
    response(kit.signed(), {
      responseExtra: Array.from({ length: 5_000 }, (_, level) => ` xmlns:a${level}="urn:${level}"`).join(''),
    }),
};
