/**
 * How much JSON somebody else may hand over. A text of a few kilobytes can nest ten thousand levels deep or hold ten thousand
 * values: whatever walks it by calling itself runs out of stack, and whatever compares it with itself runs for seconds.
 */

export interface JsonBounds {
  /** Lists and objects inside one another; a text or a number by itself has depth 0. */
  readonly depth: number;
  /** Values of every kind, at all depths together. */
  readonly values: number;
}

/** True if `value`, as `JSON.parse` made it, keeps within both bounds. Does not call itself, so no depth is too much for it. */
export function isWithinBounds(value: unknown, { depth, values }: JsonBounds): boolean {
  let level: unknown[] = [value];
  let seen = 0;
  for (let at = 0; level.length > 0; at += 1) {
    const below: unknown[] = [];
    for (const item of level) {
      seen += 1;
      if (seen > values) return false;
      if (typeof item !== 'object' || item === null) continue;
      if (at >= depth) return false;
      const members: readonly unknown[] = Array.isArray(item) ? item : Object.values(item);
      // Before they are gathered: a megabyte of a request is half a million of them.
      if (seen + below.length + members.length > values) return false;
      for (const member of members) below.push(member);
    }
    level = below;
  }
  return true;
}
