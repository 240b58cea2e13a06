/**
 * Whose turn it is among executions that wait for a process. Owners of shares take turns at each level: organizations first, within one its
 * people. So an organization gains nothing by many people, and a person nothing by many requests. Counts and orders; serves nobody.
 */

interface Named {
  readonly name: string;
}

interface Waiter {
  readonly shares: readonly Named[];
}

interface Place {
  /** How many executions wait for the share. */
  count: number;
  /** The number of the last turn; the one with the lowest is served next. */
  turn: number;
}

export class Turns {
  /** Shares for which somebody waits. A share that nobody waits for is forgotten, and joins at the end. */
  readonly #places = new Map<string, Place>();
  #last = 0;

  /** An execution begins to wait for all of `shares`. */
  join(shares: readonly Named[]): void {
    this.#last += 1;
    for (const { name } of shares) {
      const place = this.#places.get(name) ?? { count: 0, turn: this.#last };
      place.count += 1;
      this.#places.set(name, place);
    }
  }

  /** An execution waits for `shares` no more. */
  leave(shares: readonly Named[]): void {
    for (const { name } of shares) {
      const place = this.#places.get(name);
      if (place === undefined) continue;
      place.count -= 1;
      if (place.count === 0) this.#places.delete(name);
    }
  }

  /** The owners of `shares` have had their turn. */
  serve(shares: readonly Named[]): void {
    this.#last += 1;
    for (const { name } of shares) {
      const place = this.#places.get(name);
      if (place !== undefined) place.turn = this.#last;
    }
  }

  /** How many executions wait for this share. */
  countWaiting(name: string): number {
    return this.#places.get(name)?.count ?? 0;
  }

  /** The same executions, the one whose turn it is first. */
  inOrder<T extends Waiter>(waiters: readonly T[]): readonly T[] {
    return [...waiters].sort((a, b) => this.#compare(a, b));
  }

  #compare(a: Waiter, b: Waiter): number {
    const levels = Math.max(a.shares.length, b.shares.length);
    for (let level = 0; level < levels; level += 1) {
      const difference = this.#turnOf(a, level) - this.#turnOf(b, level);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  #turnOf({ shares }: Waiter, level: number): number {
    return this.#places.get(shares[level]?.name ?? '')?.turn ?? 0;
  }
}
