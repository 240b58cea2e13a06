/** Canonicalization leaves comments out, and readers stop at them. */

import { nameId, VICTIM } from '../saml/kit-documents.js';
import { type LogoutCase, postedTwin } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'a comment in the name',
  source: 'CVE-2017-11427',
  check: 'saml.comment',
  build: (kit) => ({
    input: kit.post(
      kit.sign(toLogoutXml({ name: nameId(`${VICTIM}.evil.example`) })).replace('.evil', '<!-- -->.evil'),
    ),
  }),
  twin: postedTwin,
};
