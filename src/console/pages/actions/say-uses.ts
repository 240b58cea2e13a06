/** Sentences about the Actions that use a module. Pure. */

/** Returns how many Actions use a module, for example "3 Actions use". */
const count = (uses: number): string => (uses === 1 ? 'one Action uses' : `${uses} Actions use`);

/**
 * Says that a change of the module alone affects no sign-in, since each Action keeps its version. `then` completes the
 * sentence: the step after which Actions use the change.
 */
export function sayNoLoginChanges(uses: number, then: string): string {
  if (uses === 0) return 'No sign-in is affected, because no deployed Action uses this module yet.';
  const keep = uses === 1 ? 'It keeps its version' : 'Each keeps its version';
  return `No sign-in is affected yet: ${count(uses)} this module. ${keep} until ${then}.`;
}

/** Says which version the publication creates. The server creates none if the draft equals the newest version. */
export const sayNext = (latest: number | undefined): string =>
  latest === undefined
    ? 'This creates version 1.'
    : `This creates version ${latest + 1}, unless nothing changed since version ${latest}.`;

/** Returns the text of the dialog that deletes a module. */
export function sayDeletion(uses: number, latest: number | undefined): string {
  if (uses === 1)
    return 'It cannot be deleted yet, because one deployed Action uses it. Remove it from that Action’s draft and deploy the Action first.';
  if (uses > 1)
    return `It cannot be deleted yet, because ${uses} deployed Actions use it. Remove it from their drafts and deploy them first.`;
  const what = latest === undefined ? 'its secrets; it was never published' : 'its versions and secrets';
  return `It is deleted with ${what}. No deployed Action uses it. If a draft uses it, the deletion is refused.`;
}
