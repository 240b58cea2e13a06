/** xmldom used to take the first of several roots for one purpose and the last for another. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'two documents one after the other',
  source: 'CVE-2022-39353 (xmldom), CVE-2022-39299 (node-saml)',
  check: 'saml.xml',
  build: (kit) => kit.whole() + response(kit.evil(), { responseId: '_evil-response' }),
  twin: (kit) => kit.whole(),
};
