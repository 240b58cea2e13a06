/** One of them is Success. */
import type { SamlCase } from './kit.js';
import { SUCCESS } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'two StatusCode in one Status',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.2.2.1',
  check: 'saml.status',
  build: (kit) =>
    kit.answer({
      status: `<samlp:Status><samlp:StatusCode Value="${SUCCESS}"></samlp:StatusCode><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Requester"></samlp:StatusCode></samlp:Status>`,
    }),
};
