/** An element Signature without anything inside. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';
import { DSIG, putSignature } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'an empty Signature',
  source: 'Somorovsky et al. 2012: signature exclusion',
  check: 'saml.signature',
  build: (kit) => response(putSignature(kit.evil(), `<ds:Signature xmlns:ds="${DSIG}"></ds:Signature>`)),
};
