/** Attributes are compared with each other. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'two hundred attributes in one element',
  source: 'denial of service',
  check: 'saml.size',
  build: (kit) =>
    response(kit.signed(), { responseExtra: Array.from({ length: 200 }, (_, level) => ` a${level}=""`).join('') }),
};
