/**
 * Types for the judge without native code: it exports the same functions as the package's main entry, but has no types.
 */
declare module 'recheck/lib/browser.js' {
  import type { checkSync } from 'recheck';

  const recheck: { readonly checkSync: typeof checkSync };
  export default recheck;
}
