/** Bytes that two readers repair in different ways. */
import { deflateRawSync } from 'node:zlib';
import { nameId } from '../saml/kit-documents.js';
import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'a message with bytes that are no UTF-8',
  source: 'XML 1.0 4.3.3',
  check: 'saml.xml',
  build: (kit) => {
    const packed = deflateRawSync(Buffer.from(toLogoutXml({ name: nameId('caf\u00e9') }), 'latin1'));
    return { input: kit.redirect('', { packed }) };
  },
};
