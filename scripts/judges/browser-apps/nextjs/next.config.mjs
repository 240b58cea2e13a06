/** The packages are in the folder above. */
import { dirname } from 'node:path';

export default { turbopack: { root: dirname(import.meta.dirname) }, poweredByHeader: false };
