/**
 * Removals of members, which take effect some seconds after the answer, as on Auth0 (docs/auth0-double.md). Until then,
 * logins, lists and tokens still see the member. Pending removals are kept in memory. A clean stop of the server does
 * them; after a kill, the next start does.
 */
import type { Directory, DirectoryStore } from '../ports/directory.js';
import type { DoubleFacts } from './facts.js';
import { findForgotten, type Removal } from './forgotten-removals.js';

/** The removal or addition of one member by a transaction. */
type Change = { readonly kind: 'remove' | 'add' } & Removal;

export class Removals {
  private readonly waiting = new Map<string, { readonly removal: Removal; readonly timer: NodeJS.Timeout }>();
  private atWork = 0;

  /** Members are removed from `directory`, which also decides what is removed with them. */
  constructor(
    private readonly directory: DirectoryStore,
    private readonly facts: DoubleFacts,
    private readonly log: { warn(fields: object, message: string): void },
  ) {}

  /** True when no removal is pending or in progress, and no write of the API that could add one is in progress. */
  get isQuiet(): boolean {
    return this.waiting.size === 0 && this.atWork === 0;
  }

  /** Runs `work`: a write of the API, or a removal. `isQuiet` is false meanwhile. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.atWork += 1;
    try {
      return await work();
    } finally {
      this.atWork -= 1;
    }
  }

  /**
   * Applies the changes of a committed transaction: schedules its removals. An added member's pending removal is
   * cancelled, if `facts` say so.
   */
  apply(changes: readonly Change[]): void {
    for (const change of changes) {
      const key = `${change.organizationId} ${change.userId}`;
      if (change.kind === 'remove') this.schedule(key, change);
      else if (this.facts.added_while_removed === 'stays') this.cancel(key);
    }
  }

  /**
   * Does the removals that were pending when an earlier double with this database was killed. Throws the errors of the
   * directory.
   */
  async takeUp(): Promise<void> {
    for (const removal of await findForgotten(this.directory, this.facts)) await this.remove(removal);
  }

  /** Does all pending removals now instead of later. */
  async finish(): Promise<void> {
    for (const [key, { removal }] of [...this.waiting]) {
      this.cancel(key);
      await this.remove(removal);
    }
  }

  private schedule(key: string, removal: Removal): void {
    if (this.waiting.has(key)) return;
    const timer = setTimeout(() => {
      this.waiting.delete(key);
      void this.remove(removal);
    }, this.facts.member_removal_ms / this.facts.speed);
    this.waiting.set(key, { removal, timer });
  }

  private cancel(key: string): void {
    clearTimeout(this.waiting.get(key)?.timer);
    this.waiting.delete(key);
  }

  private async remove({ organizationId, userId, at }: Removal): Promise<void> {
    try {
      await this.during(() =>
        this.directory.transaction(({ members }) => members.remove(organizationId, [userId], at)),
      );
    } catch (error) {
      this.log.warn({ err: error, organizationId, userId }, 'a member of the double could not be removed');
    }
  }
}

/**
 * Wraps the directory of a transaction: records changes of members in `changes`. Removals are only recorded, not
 * executed.
 */
export function notingRemovals(directory: Directory, changes: Change[]): Directory {
  const { members } = directory;
  const note = (kind: Change['kind'], organizationId: string, userIds: readonly string[], at: Date) => {
    for (const userId of userIds) changes.push({ kind, organizationId, userId, at });
  };
  return {
    ...directory,
    members: {
      ...members,
      async add(organizationId, userIds, at) {
        await members.add(organizationId, userIds, at);
        note('add', organizationId, userIds, at);
      },
      async remove(organizationId, userIds, at) {
        note('remove', organizationId, userIds, at);
      },
    },
  };
}
