/** SAML times are UTC; an offset is a place for two readings. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'a time with an offset',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 1.3.3',
  check: 'saml.not_on_or_after',
  build: (kit) => kit.answer({ notOnOrAfter: '2026-06-01T23:00:00+01:00' }),
};
