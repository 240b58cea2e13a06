/** Sentences about the Actions that use a module. Pure. */

/** Returns how many Actions use a module: "3 Actions use". */
const count = (uses: number): string => (uses === 1 ? 'one Action uses' : `${uses} Actions use`);

/** Says that changing a module alone affects no login. `then` names the step that would. */
export function sayNoLoginChanges(uses: number, then: string): string {
  if (uses === 0) return 'No login changes: no deployed Action uses this module yet.';
  const keep = uses === 1 ? 'It keeps the version that it names' : 'Each keeps the version that it names';
  return `No login changes: ${count(uses)} this module. ${keep}, until ${then}.`;
}

/** Names the version that a publication creates. The server creates none if the draft equals the newest version. */
export const sayNext = (latest: number | undefined): string =>
  latest === undefined
    ? 'It becomes version 1.'
    : `It becomes version ${latest + 1}, unless it says the same as version ${latest}.`;

/** Returns the text of the dialog that deletes a module. */
export function sayDeletion(uses: number, latest: number | undefined): string {
  if (uses === 1)
    return 'One deployed Action uses it: the server refuses. Take it out of that draft and deploy the Action first.';
  if (uses > 1)
    return `${uses} deployed Actions use it: the server refuses. Take it out of their drafts and deploy them first.`;
  const what = latest === undefined ? 'its secrets; it was never published' : 'its versions and secrets';
  return `It is deleted with ${what}. No deployed Action uses it; where a draft names it, the server refuses.`;
}
