/** Some processors replace the element by the file. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an XInclude of a file',
  source: 'XInclude 1.0',
  check: 'harmless',
  build: (kit) =>
    response(kit.signed(), {
      extensions:
        '<samlp:Extensions><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"></xi:include></samlp:Extensions>',
    }),
};
