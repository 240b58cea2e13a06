/** An empty ID and an empty reference fit each other. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'the ID is empty and the reference is #',
  source: 'CVE-2022-41912 (crewjam/saml: empty ID)',
  check: 'saml.reference',
  build: (kit) => {
    const xml = kit.answer({}, { uri: '#' });
    return xml.replace('ID="_assertion"', 'ID=""');
  },
};
