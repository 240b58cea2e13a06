/** Tells Next.js that the packages are in the parent folder. */
import { dirname } from 'node:path';

export default { turbopack: { root: dirname(import.meta.dirname) }, poweredByHeader: false };
