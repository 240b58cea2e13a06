/** The inner response is signed, the outer one has the assertion. */
import type { SamlCase } from './kit.js';
import { assertion, response, VICTIM } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'a signed response without assertion inside an evil response',
  source: 'CVE-2025-47949 (samlify)',
  check: 'saml.one_assertion',
  build: (kit) => {
    const inner = kit.sign(response('', { responseId: '_inner' }), { id: '_inner' });
    return response(assertion({ person: VICTIM }), { extensions: `<samlp:Extensions>${inner}</samlp:Extensions>` });
  },
  twin: (kit) => kit.whole(),
};
