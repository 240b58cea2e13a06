/**
 * The removal of members, which takes effect some seconds after its answer (Auth0 semantics, section 1.5): until then logins, lists and
 * tokens see them. Waiting removals are in memory; they are done at a clean stop, or at the start after a kill.
 */
import type { Directory, DirectoryStore } from '../ports/directory.js';
import type { DoubleFacts } from './facts.js';
import { findForgotten, type Removal } from './forgotten-removals.js';

/** The changes of members that one transaction asked for, in their order. */
type Change = { readonly kind: 'remove' | 'add' } & Removal;

export class Removals {
  private readonly waiting = new Map<string, { readonly removal: Removal; readonly timer: NodeJS.Timeout }>();
  private atWork = 0;

  constructor(
    private readonly directory: DirectoryStore,
    private readonly facts: DoubleFacts,
    private readonly log: { warn(fields: object, message: string): void },
  ) {}

  /** True when no removal waits and none is being done, nor any write of the API that could ask for one. */
  get isQuiet(): boolean {
    return this.waiting.size === 0 && this.atWork === 0;
  }

  /** Runs `work`, during which it is not quiet. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.atWork += 1;
    try {
      return await work();
    } finally {
      this.atWork -= 1;
    }
  }

  /** Takes over the changes of a transaction that is committed. */
  apply(changes: readonly Change[]): void {
    for (const change of changes) {
      const key = `${change.organizationId} ${change.userId}`;
      if (change.kind === 'remove') this.schedule(key, change);
      else if (this.facts.added_while_removed === 'stays') this.cancel(key);
    }
  }

  /** Does what a double on this database left when it was killed. Throws what the directory throws. */
  async takeUp(): Promise<void> {
    for (const removal of await findForgotten(this.directory, this.facts)) await this.remove(removal);
  }

  /** Does all that waits, now. */
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
    const tokens = this.facts.refresh_after_removal === 'works' ? 'stay' : 'end';
    try {
      await this.during(() =>
        this.directory.transaction(({ members }) => members.remove(organizationId, [userId], at, tokens)),
      );
    } catch (error) {
      this.log.warn({ err: error, organizationId, userId }, 'a member of the double could not be removed');
    }
  }
}

/** A directory of one transaction that notes changes of members in `changes`: removals are only noted. */
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
