/** Success is on the second level only. */
import type { SamlCase } from './kit.js';
import { SUCCESS, status } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'Success inside a failed status',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.2.2.2',
  check: 'saml.status',
  build: (kit) =>
    kit.answer({
      status: status(
        'urn:oasis:names:tc:SAML:2.0:status:Requester',
        `<samlp:StatusCode Value="${SUCCESS}"></samlp:StatusCode>`,
      ),
    }),
};
