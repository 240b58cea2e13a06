/** CDATA is text, but not every reader joins it. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'CDATA inside DigestValue',
  source: 'CVE-2025-29775 (xml-crypto, SAMLStorm)',
  check: 'saml.xml',
  build: (kit) => kit.answer().replace(/<ds:DigestValue>([^<]+)/, '<ds:DigestValue><![CDATA[$1]]>'),
};
