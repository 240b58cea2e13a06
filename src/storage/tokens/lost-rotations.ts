/**
 * Takes rotations back whose answer nobody got (ADR 0097). A node that lost the database's answer to a rotation has given
 * nobody the new token. The application still has the old one, and its next try would look like theft. So the node keeps
 * in memory which rotations these were, and undoes each as soon as the database answers: the new token is deleted, and the
 * old one is as it was before. A stolen token gains nothing: the rotation is one that did not happen. Never takes back a
 * rotation whose new token was given to anybody, was used or was revoked, and never lets a token in by itself.
 */
import type pg from 'pg';
import { type Clock, systemClock } from '../../kernel/clock.js';
import type { OpaqueReference } from '../../ports/token-issuer.js';
import { inTransaction, sawTrouble } from '../database/pool.js';
import { queryNamed } from './statements.js';

/** A rotation that may be stored, and whose new token was given to nobody. */
export interface LostRotation {
  readonly token: OpaqueReference;
  /** The hash of the new token. */
  readonly nextHash: Buffer;
  /** The time that the rotation wrote. */
  readonly at: Date;
}

/**
 * Milliseconds for which a node looks for a lost rotation. A commit may appear late: it waits, hidden, for a standby that
 * does not answer.
 */
const KEPT_MS = 600_000;
/** Maximum number of lost rotations that a node keeps. The oldest one is forgotten: then its token counts as used. */
const MOST = 10_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
/** Milliseconds after trouble with the database in which another node may be taking a rotation back. */
const TROUBLE_MS = 60_000;
/** How often, and how many times, such a token is looked at before it counts as used. */
const LOOK_MS = 250;
const LOOKS = 12;

/**
 * $1 users, $2 hashes of the old tokens. Locks the old tokens, as a rotation does. A statement of its own: {@link TAKE_BACK}
 * then sees a rotation for which this one waited. Attack: a thief repeats a rotation within the leeway while the first one
 * is undone, and the old token counts as new beside the token that the repeat gave.
 */
const LOCK = `
select 1 from refresh_tokens t join unnest($1::text[], $2::bytea[]) as l (user_id, token_hash)
  on t.user_id = l.user_id and t.token_hash = l.token_hash
order by t.user_id, t.token_hash for update of t`;

/**
 * $1 and $2 as in {@link LOCK}, $3 hashes of the new tokens, $4 times. A rotation within the leeway leaves the time of the
 * first one. So the old token gets the time of the first rotation that was not lost, and is unused without one. Attack: a
 * new token that somebody has, or that was revoked, must not be undone.
 */
const TAKE_BACK = `
with lost as (
  select * from unnest($1::text[], $2::bytea[], $3::bytea[], $4::timestamptz[]) as l (user_id, token_hash, next_hash, at)
), held as (
  select l.user_id, l.token_hash, l.next_hash, l.at from lost l
  join refresh_tokens t on t.user_id = l.user_id and t.token_hash = l.token_hash
  where t.revoked_at is null and t.rotated_at is not null
), gone as (
  delete from refresh_tokens n using held h
  where n.user_id = h.user_id and n.token_hash = h.next_hash and n.parent_hash = h.token_hash
    and n.rotated_at is null and n.revoked_at is null
  returning n.user_id, n.token_hash as next_hash
), back as (
  update refresh_tokens t set rotated_at = (select min(o.created_at) from refresh_tokens o
      where o.user_id = t.user_id and o.family_id = t.family_id and o.parent_hash = t.token_hash
        and not exists (select from gone x where x.user_id = o.user_id and x.next_hash = o.token_hash))
  from held h join gone g on g.user_id = h.user_id and g.next_hash = h.next_hash
  where t.user_id = h.user_id and t.token_hash = h.token_hash and t.rotated_at = h.at
)
select user_id, next_hash from gone`;

/** $1 user, $2 hash. Finds a token that was replaced, while the new one is unused and nobody revoked either. */
const IN_DOUBT = `
select 1 from refresh_tokens t where t.user_id = $1 and t.token_hash = $2 and t.revoked_at is null
  and (t.rotated_at is null or not exists (select from refresh_tokens n where n.user_id = t.user_id
    and n.family_id = t.family_id and n.parent_hash = t.token_hash and (n.rotated_at is not null or n.revoked_at is not null)))`;

const IS_FREE = `
select 1 from refresh_tokens where user_id = $1 and token_hash = $2 and rotated_at is null and revoked_at is null`;

const keyOf = (hash: Buffer) => hash.toString('base64');
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

interface Kept extends LostRotation {
  readonly endsAtMs: number;
}

export class LostRotations {
  /** By the hash of the new token, oldest first. */
  readonly #kept = new Map<string, Kept>();
  #running: Promise<void> | undefined;
  #isLooking = false;
  #pauseMs = FIRST_PAUSE_MS;
  #wake: () => void = () => undefined;

  constructor(
    readonly pool: pg.Pool,
    readonly clock: Pick<Clock, 'monotonicMs'> = systemClock,
  ) {}

  get size(): number {
    return this.#kept.size;
  }

  /** Keeps a rotation, and takes it back as soon as the database answers. Returns at once. */
  add(lost: LostRotation): void {
    this.#kept.set(keyOf(lost.nextHash), { ...lost, endsAtMs: this.clock.monotonicMs() + KEPT_MS });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST && oldest !== undefined) this.#kept.delete(oldest);
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#wake();
    void this.#look();
  }

  /**
   * True when a token that looks used may be used again: a rotation of it was taken back. Asks the database at once if
   * this node lost one; then a {@link Fault} means that nobody knows. If the database failed a moment ago, another node
   * may have lost it, and gets some seconds to take it back. Until then nobody is let in, and afterwards the token counts
   * as used.
   */
  async isTakenBack(token: OpaqueReference): Promise<boolean> {
    const isOurs = [...this.#kept.values()].some((one) => one.token.hash.equals(token.hash));
    if (isOurs) await this.#takeBackNow();
    const key = [token.userId, token.hash];
    const isFree = async () => (await queryNamed(this.pool, 'tokens-is-free', IS_FREE, key)).length === 1;
    if (await isFree()) return true;
    if (isOurs || !sawTrouble(this.pool, TROUBLE_MS)) return false;
    for (let looks = 0; looks < LOOKS; looks += 1) {
      if ((await queryNamed(this.pool, 'tokens-in-doubt', IN_DOUBT, key)).length === 0) return false;
      await pause(LOOK_MS);
      if (await isFree()) return true;
    }
    return false;
  }

  /** As {@link #takeBack}, and not by a transaction that began before: it may not have seen the rotation yet. */
  async #takeBackNow(): Promise<void> {
    await this.#running?.catch(() => undefined);
    await this.#takeBack();
  }

  /** One transaction at a time for all that are kept. Throws {@link Fault} when the database failed. */
  #takeBack(): Promise<void> {
    this.#running ??= this.#takeAllBack().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #takeAllBack(): Promise<void> {
    const all = [...this.#kept.values()];
    const key = [all.map(({ token }) => token.userId), all.map(({ token }) => token.hash)];
    const values = [...key, all.map(({ nextHash }) => nextHash), all.map(({ at }) => at)];
    const done = await inTransaction(this.pool, async (db) => {
      await queryNamed(db, 'tokens-lock-lost', LOCK, key);
      return queryNamed<{ next_hash: Buffer }>(db, 'tokens-take-back', TAKE_BACK, values);
    });
    for (const { next_hash } of done) this.#kept.delete(keyOf(next_hash));
    const nowMs = this.clock.monotonicMs();
    for (const [key, { endsAtMs }] of this.#kept) if (endsAtMs <= nowMs) this.#kept.delete(key);
  }

  /** Waits until the next try, or until another rotation is added. */
  async #pause(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, this.#pauseMs).unref();
    });
    clearTimeout(timer);
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 1.5);
  }

  /** Tries until nothing is kept any more, at growing intervals. */
  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    while (this.#kept.size > 0 && !this.pool.ending) {
      // A failure is no news: the writer that lost the answer has reported it.
      await this.#takeBack().catch(() => undefined);
      if (this.#kept.size > 0) await this.#pause();
    }
    this.#isLooking = false;
  }
}

const known = new WeakMap<pg.Pool, LostRotations>();

/** Returns the lost rotations of this pool: the token endpoint's stores share them. */
export function lostRotationsOf(pool: pg.Pool): LostRotations {
  const found = known.get(pool) ?? new LostRotations(pool);
  known.set(pool, found);
  return found;
}
