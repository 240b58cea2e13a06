/** The signature fits the pinned certificate; KeyInfo names another and has no say. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'KeyInfo brings another certificate than the one that signed',
  source: 'CVE-2024-32962 (xml-crypto trusts KeyInfo)',
  check: 'harmless',
  build: (kit) => kit.answer({}, { keyInfo: kit.keyInfo(kit.attacker) }),
};
