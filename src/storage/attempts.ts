/**
 * Counters of attack protection in PostgreSQL. Keys and subjects are stored as SHA-256, so that the table contains no
 * e-mail address.
 */
import { createHash } from 'node:crypto';
import type pg from 'pg';
import { assert } from '../kernel/assert.js';
import { addSeconds } from '../kernel/clock.js';
import type { AttemptCounter, AttemptCounters } from '../ports/attempts.js';
import { queryRows } from './database/pool.js';

/**
 * Returns the SQL part for the counter at position `place`. A single write counts the attempt or starts a new window,
 * so that two attempts cannot both be the first. It runs only if the previous counter is within its limit. So of many
 * concurrent attempts, no more than that limit reach this counter.
 */
function toPart(place: number): string {
  const condition =
    place === 1
      ? 'where not exists (select from full_one)'
      : `from c${place - 1} b where b.count <= ($3::integer[])[${place - 1}]`;
  return `c${place} as (
    insert into attempt_counters as c (key_hash, count, expires_at, subject_hash, network, most)
    select ($2::bytea[])[${place}], 1, ($4::timestamptz[])[${place}], ($5::bytea[])[${place}], ($6::text[])[${place}],
      ($3::integer[])[${place}] ${condition}
    on conflict (key_hash) do update set
      most = excluded.most,
      count = case when c.expires_at <= $1 then 1 else least(c.count, 2147483646) + 1 end,
      expires_at = case when c.expires_at <= $1 then excluded.expires_at else c.expires_at end
    returning count, expires_at)`;
}

/** Finds the first counter at its limit. $1: now; $2 keys and $3 limits, in the order of the counters. */
const FIND_FIRST_FULL = `
      select k.place::integer as place, c.count, c.expires_at
      from unnest($2::bytea[], $3::integer[]) with ordinality as k (key_hash, most, place)
      join attempt_counters c on c.key_hash = k.key_hash and c.count >= k.most and c.expires_at > $1
      order by k.place limit 1`;

/** Reads counters. $1: now; $2 keys. A counter without a row, or with a window that ended, has no count. */
const READ = `
  select c.count, c.expires_at from unnest($2::bytea[]) with ordinality as k (key_hash, place)
  left join attempt_counters c on c.key_hash = k.key_hash and c.expires_at > $1
  order by k.place`;

/**
 * Returns the statement that counts an attempt in `length` counters in one round trip. $1: now. Arrays in the order of
 * the counters: $2 keys, $3 limits, $4 ends of the windows, $5 subjects, $6 networks.
 */
function countStatement(length: number): string {
  const places = Array.from({ length }, (_, index) => index + 1);
  return `with full_one as (${FIND_FIRST_FULL}),
    ${places.map(toPart).join(', ')}
    select place, count, expires_at, true as is_full from full_one
    ${places.map((place) => `union all select ${place}, count, expires_at, false from c${place}`).join(' ')}
    order by place`;
}

interface CountRow {
  readonly place: number;
  readonly count: number;
  readonly expires_at: Date;
  readonly is_full: boolean;
}

/**
 * Takes back one attempt from each counter, or resets the counter (`is_forgotten`). Locks rows in the order in which
 * they are counted.
 */
const CHANGE = `
  with held as (
    select c.key_hash, k.is_forgotten from unnest($1::bytea[], $2::boolean[]) with ordinality as k (key_hash, is_forgotten, place)
    join attempt_counters c on c.key_hash = k.key_hash order by k.place for update of c)
  update attempt_counters c set count = case when held.is_forgotten then 0 else greatest(c.count - 1, 0) end
  from held where c.key_hash = held.key_hash`;

const FIND_FULL = `
  select distinct network from attempt_counters
  where subject_hash = any($1::bytea[]) and expires_at > $2 and count >= most order by network nulls last`;

const REMEMBER = `
  insert into attempt_counters as c (key_hash, count, expires_at) values ($1, 1, $2)
  on conflict (key_hash) do update set expires_at = greatest(c.expires_at, excluded.expires_at)`;

/** Returns what is stored of a key: its SHA-256. */
export function hashKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** Creates the counters of tries, which all nodes share. */
export function createAttemptCounters(pool: pg.Pool): AttemptCounters {
  const takeBack = async (counters: readonly AttemptCounter[]) => {
    const keys = counters.map(({ key }) => hashKey(key));
    await queryRows(pool, CHANGE, [keys, counters.map(() => false)]);
  };
  return {
    async count(counters, at) {
      const rows = await queryRows<CountRow>(pool, countStatement(counters.length), [
        at,
        counters.map(({ key }) => hashKey(key)),
        counters.map(({ limit }) => limit),
        counters.map(({ windowSeconds }) => addSeconds(at, windowSeconds)),
        counters.map(({ subject }) => (subject === undefined ? null : hashKey(subject))),
        counters.map(({ network }) => network ?? null),
      ]);
      const last = rows.at(-1);
      const most = last && counters[last.place - 1]?.limit;
      assert(last !== undefined && most !== undefined, 'a statement for counters has a row for the first of them');
      const place = last.place - 1;
      const refused = { within: false, place, endsAt: last.expires_at } as const;
      if (last.is_full) return refused;
      if (last.count > most) {
        // Simultaneous attempts filled this counter after the statement began. So this attempt was counted at this
        // counter and at those before it, and is taken back. Attack: attempts that a wide counter refuses use up narrow
        // counters of other people. A separate statement suffices: until it runs, the counters are only too strict.
        await takeBack(counters.slice(0, last.place));
        return refused;
      }
      return { within: true, counts: rows.map(({ count }) => count), ends: rows.map((row) => row.expires_at) };
    },
    async findFirstFull(counters, at) {
      const keys = counters.map(({ key }) => hashKey(key));
      const limits = counters.map(({ limit }) => limit);
      const [full] = await queryRows<Pick<CountRow, 'place'>>(pool, FIND_FIRST_FULL, [at, keys, limits]);
      return full && { place: full.place - 1 };
    },
    async read(counters, at) {
      const keys = counters.map(({ key }) => hashKey(key));
      const rows = await queryRows<{ readonly count: number | null; readonly expires_at: Date | null }>(pool, READ, [
        at,
        keys,
      ]);
      return {
        counts: rows.map(({ count }) => count ?? 0),
        ends: counters.map(({ windowSeconds }, index) => rows[index]?.expires_at ?? addSeconds(at, windowSeconds)),
      };
    },
    async change(changes) {
      const keys = changes.map(({ key }) => hashKey(key));
      const isForgotten = changes.map(({ change }) => change === 'forget');
      await queryRows(pool, CHANGE, [keys, isForgotten]);
    },
    async findFull(subjects, at) {
      const rows = await queryRows<{ readonly network: string | null }>(pool, FIND_FULL, [subjects.map(hashKey), at]);
      return rows.map(({ network }) => (network === null ? {} : { network }));
    },
    async forget(subjects) {
      const rows = await queryRows<{ readonly key_hash: Buffer }>(
        pool,
        'select key_hash from attempt_counters where subject_hash = any($1::bytea[]) and count > 0',
        [subjects.map(hashKey)],
      );
      // Resets each row by a statement of its own. One statement for all could lock them in another order than a
      // concurrent attempt does, which would cause a deadlock.
      for (const { key_hash } of rows)
        await queryRows(pool, 'update attempt_counters set count = 0 where key_hash = $1', [key_hash]);
    },
    async remember(key, seconds, at) {
      await queryRows(pool, REMEMBER, [hashKey(key), addSeconds(at, seconds)]);
    },
    async isRemembered(key, at) {
      const found = await queryRows(pool, 'select 1 from attempt_counters where key_hash = $1 and expires_at > $2', [
        hashKey(key),
        at,
      ]);
      return found.length > 0;
    },
  };
}

/** Deletes counters whose window is over, for housekeeping. They no longer affect anything. */
export async function deleteExpiredCounters(pool: pg.Pool, at: Date): Promise<void> {
  // Skips counters that are locked at this moment: waiting for them could deadlock.
  await queryRows(
    pool,
    `delete from attempt_counters where key_hash in
       (select key_hash from attempt_counters where expires_at <= $1 for update skip locked)`,
    [at],
  );
}
