/** StatusDetail takes any content. */
import type { SamlCase } from './kit.js';
import { response, SUCCESS, status } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'the evil assertion inside StatusDetail',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.2.2.4',
  check: 'saml.one_assertion',
  build: (kit) =>
    response(kit.signed(), { status: status(SUCCESS, '', `<samlp:StatusDetail>${kit.evil()}</samlp:StatusDetail>`) }),
};
