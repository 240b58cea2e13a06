/** Advice may hold whole assertions by the schema. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'the signed assertion inside Advice of an evil one',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 2.6.1',
  check: 'saml.one_assertion',
  build: (kit) => response(kit.evil({ advice: `<saml:Advice>${kit.signed()}</saml:Advice>` })),
};
