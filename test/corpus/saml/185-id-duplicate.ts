/** The reference means two elements: one is digested, the other is read. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'another element has the ID of the assertion, as ID',
  source: 'McIntosh, Austel 2005: XML signature element wrapping; CVE-2024-45409',
  check: 'saml.duplicate_id',
  build: (kit) =>
    response(kit.signed(), { extensions: '<samlp:Extensions><samlp:x ID="_assertion"></samlp:x></samlp:Extensions>' }),
};
