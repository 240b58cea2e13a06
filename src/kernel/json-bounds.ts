/**
 * Limits for JSON from outside. A text of a few kilobytes can nest ten thousand levels deep or hold ten thousand
 * values: a recursive function runs out of stack on it, and comparing all values with each other takes seconds.
 */

export interface JsonBounds {
  /** Levels of lists and objects; a text or a number alone has depth 0. */
  readonly depth: number;
  /** Maximum number of values of every kind, at all depths together. */
  readonly values: number;
}

/** True if `value`, as returned by `JSON.parse`, is within both limits. Not recursive, so it accepts any depth. */
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
      // The number is checked before the values are collected: a request of a megabyte can hold half a million of them.
      if (seen + below.length + members.length > values) return false;
      for (const member of members) below.push(member);
    }
    level = below;
  }
  return true;
}
