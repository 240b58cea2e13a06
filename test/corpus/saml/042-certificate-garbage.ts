/** A certificate that is none must let nobody in. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'the pinned certificate cannot be read',
  source: 'fail closed',
  check: 'saml.certificate',
  build: (kit) => ({
    xml: kit.answer(),
    expected: { certificates: ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'] },
  }),
};
