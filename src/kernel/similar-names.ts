/** Finds names that resemble a mistyped one, for "did you mean". Compares texts and knows no list of its own. */

/** Computes the Damerau-Levenshtein distance, up to `limit`. */
export function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      next.push(best);
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? limit + 1;
}

/** Finds the names nearest to `name`, ignoring case: at most `limit` edits away, all that are equally near. */
export function findNearestAll(name: string, names: Iterable<string>, limit: number): readonly string[] {
  let best: string[] = [];
  let bestDistance = limit;
  for (const candidate of new Set(names)) {
    const edits = distance(name.toLowerCase(), candidate.toLowerCase(), limit);
    if (edits > bestDistance) continue;
    best = edits < bestDistance ? [candidate] : [...best, candidate];
    bestDistance = edits;
  }
  return best;
}

/** Finds the nearest of `names`: at most a quarter of its length away, which is 1 to 3 edits. Undefined for a tie. */
export function findNearest(name: string, names: Iterable<string>): string | undefined {
  const [best, ...others] = findNearestAll(name, names, Math.min(3, Math.max(1, Math.floor(name.length / 4))));
  return others.length === 0 ? best : undefined;
}
