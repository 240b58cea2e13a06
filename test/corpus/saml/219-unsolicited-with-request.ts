/** It answers a request, of somebody else. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'an unsolicited answer with InResponseTo',
  source: 'SAML 2.0 Profiles 4.1.4.3 (saml-profiles-2.0-os) 4.1.5',
  check: 'saml.in_response_to',
  build: (kit) => ({ xml: kit.answer(), expected: { requestId: undefined } }),
  twin: (kit) => ({
    xml: kit.answer({ inResponseTo: undefined, confirmedRequest: undefined }),
    expected: { requestId: undefined },
  }),
};
