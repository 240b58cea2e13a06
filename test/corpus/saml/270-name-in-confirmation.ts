/** The NameID of the confirming party is not the subject. */
import type { SamlCase } from './kit.js';
import { ACS, at, nameId, REQUEST, VICTIM } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'a NameID only inside SubjectConfirmation',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 2.4.1.1',
  check: 'saml.name_id',
  build: (kit) => {
    const data = `<saml:SubjectConfirmationData InResponseTo="${REQUEST}" NotOnOrAfter="${at(5)}" Recipient="${ACS}"></saml:SubjectConfirmationData>`;
    const inner = `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">${nameId(VICTIM)}${data}</saml:SubjectConfirmation>`;
    return kit.answer({ nameId: '', confirmation: inner });
  },
};
