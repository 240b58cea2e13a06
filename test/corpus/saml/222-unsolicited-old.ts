/** No request waits for it, so it must be fresh. */
import type { SamlCase } from './kit.js';
import { at } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an unsolicited answer that is an hour old but says it holds',
  source: 'one-time use for a bounded time',
  check: 'saml.not_on_or_after',
  build: (kit) => ({
    xml: kit.answer({ inResponseTo: undefined, confirmedRequest: undefined, assertionInstant: at(-60) }),
    expected: { requestId: undefined },
  }),
  twin: (kit) => ({
    xml: kit.answer({ inResponseTo: undefined, confirmedRequest: undefined }),
    expected: { requestId: undefined },
  }),
};
