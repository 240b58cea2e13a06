/** The signed response is not the document. */
import type { SamlCase } from './kit.js';
import { at, PROTOCOL } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'a signed response below another root',
  source: 'CVE-2022-39299 (node-saml: several roots)',
  check: 'saml.xml',
  build: (kit) =>
    `<samlp:ArtifactResponse xmlns:samlp="${PROTOCOL}" ID="_outer" Version="2.0" IssueInstant="${at(0)}">${kit.whole()}</samlp:ArtifactResponse>`,
  twin: (kit) => kit.whole(),
};
