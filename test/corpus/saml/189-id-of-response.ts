/** Response and assertion have one ID, and the signature of one is about both. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'response and assertion share their ID',
  source: 'McIntosh, Austel 2005',
  check: 'saml.duplicate_id',
  build: (kit) => kit.answer({}).replace('ID="_response"', 'ID="_assertion"'),
};
