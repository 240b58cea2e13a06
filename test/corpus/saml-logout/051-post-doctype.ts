/** Entities and default attributes come with a document type. */

import { VICTIM } from '../saml/kit-documents.js';
import { type LogoutCase, postedTwin } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'a document type in front',
  source: 'CVE-2016-9597 and other entity attacks',
  check: 'saml.doctype',
  build: (kit) => ({ input: kit.post(`<!DOCTYPE x [<!ENTITY e "${VICTIM}">]>${kit.sign(toLogoutXml())}`) }),
  twin: postedTwin,
};
