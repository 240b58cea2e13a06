/** Entity tags of HTTP (RFC 9110 section 8.8.3): texts that name a version of a resource. Pure; creates no tag. */

/**
 * True when a header (`If-Match`, `If-None-Match`) names this version, or any (`*`). Ignores the mark of weak tags: a
 * proxy in between may weaken a tag, as nginx does when it compresses an answer (section 8.8.3.2).
 */
export function namesVersion(header: string, version: string): boolean {
  const plain = (tag: string) => tag.trim().replace(/^W\//, '');
  return header
    .split(',')
    .map(plain)
    .some((tag) => tag === '*' || tag === plain(version));
}
