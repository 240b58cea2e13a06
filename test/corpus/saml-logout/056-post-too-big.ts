/** A document must not hold up the process. */

import { type LogoutCase, postedTwin } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'a posted message that is too big',
  source: 'XML of any size (CWE-400)',
  check: 'saml.size',
  build: (kit) => ({
    input: kit.post(
      kit.sign(toLogoutXml({ extensions: `<samlp:Extensions>${' '.repeat(70_000)}</samlp:Extensions>` })),
    ),
  }),
  twin: postedTwin,
};
