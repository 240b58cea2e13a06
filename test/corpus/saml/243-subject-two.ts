/** It is about two people. */
import type { SamlCase } from './kit.js';
import { assertion, PERSON, VICTIM } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'two Subjects',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 2.3.3',
  check: 'saml.name_id',
  build: (kit) => {
    const one = /<saml:Subject>.*<\/saml:Subject>/.exec(assertion())?.[0] ?? '';
    return kit.answer({ subject: one + one.replaceAll(PERSON, VICTIM) });
  },
};
