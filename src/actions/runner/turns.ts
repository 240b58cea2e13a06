/**
 * Decides which execution that waits for a process is next. Each execution has shares at several levels, such as its
 * organization, then its person. At each level the shares take turns. So an organization gains nothing by many people,
 * nor a person by many requests. Counts and orders only; leases nothing.
 */

interface Named {
  readonly name: string;
}

interface Waiter {
  readonly shares: readonly Named[];
}

interface Place {
  /** Number of executions that wait for this share. */
  count: number;
  /** Number of the share's last turn; the share with the lowest number is next. */
  turn: number;
}

export class Turns {
  /** Shares for which executions wait. A share without any is forgotten; later it joins at the end again. */
  readonly #places = new Map<string, Place>();
  #last = 0;

  /** Records an execution that waits for all of `shares`. */
  join(shares: readonly Named[]): void {
    this.#last += 1;
    for (const { name } of shares) {
      const place = this.#places.get(name) ?? { count: 0, turn: this.#last };
      place.count += 1;
      this.#places.set(name, place);
    }
  }

  /** Records that an execution no longer waits for `shares`. */
  leave(shares: readonly Named[]): void {
    for (const { name } of shares) {
      const place = this.#places.get(name);
      if (place === undefined) continue;
      place.count -= 1;
      if (place.count === 0) this.#places.delete(name);
    }
  }

  /** Records that the owners of `shares` have had their turn. */
  serve(shares: readonly Named[]): void {
    this.#last += 1;
    for (const { name } of shares) {
      const place = this.#places.get(name);
      if (place !== undefined) place.turn = this.#last;
    }
  }

  /** Counts the executions that wait for this share. */
  countWaiting(name: string): number {
    return this.#places.get(name)?.count ?? 0;
  }

  /** Sorts waiting executions, the next one first. */
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
