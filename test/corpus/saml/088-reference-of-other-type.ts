/** A Type tells a verifier how to treat what it finds. */
import type { SamlCase } from './kit.js';
import { DSIG } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'the reference says that it is an Object',
  source: 'XML Signature 4.4.3',
  check: 'harmless',
  build: (kit) => kit.answer({}, { references: (own) => own.replace(' URI=', ` Type="${DSIG}Object" URI=`) }),
};
