/**
 * Stores logins in progress that do not fit into the browser's cookies (ports/cookie-overflow.ts). Content is sealed,
 * keys and networks are stored as SHA-256, so that the table identifies nobody. An ordinary login uses none of this.
 */
import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { Network } from '../kernel/networks.js';
import type { SecretBox } from '../kernel/seal.js';
import type { CookieOverflow } from '../ports/cookie-overflow.js';
import { queryRows } from './database/pool.js';

/**
 * Maximum number of rows per network, by its width (kernel/networks.ts). It grows little with the width, because one
 * sender controls all addresses of a /64 and often all of a /56. An office behind one address may have a hundred
 * overlong logins in progress. Concurrent calls may exceed it by one each, until the next call.
 */
const MOST = { machine: 100, site: 150, block: 200 } as const;
/** Maximum number of rows of all senders together: 160 MB if each has its full size. */
const MOST_IN_ALL = 10_000;

/**
 * Stores the content $3 under the key $1. $2: other keys of this browser, $4 to $6: hashes of its machine, site and
 * block, $7: expiry, $8: now, $9: maximum of all rows. Deletes the rows of $2, and the oldest rows of a network that
 * has reached its maximum. When the table has reached $9, a new row only replaces the oldest row of the same machine,
 * or is refused. So no network loses a row because of another. Skips rows that another call has locked: waiting could
 * deadlock.
 */
const PUT = `
  with others as (
    select key_hash, machine_hash, site_hash, block_hash, expires_at from cookie_overflow
    where block_hash = $6 and key_hash <> $1 and key_hash <> all ($2::bytea[])),
  placed as (
    select key_hash,
      case when machine_hash = $4 then row_number() over (partition by machine_hash order by expires_at desc, key_hash) end as in_machine,
      case when site_hash = $5 then row_number() over (partition by site_hash order by expires_at desc, key_hash) end as in_site,
      row_number() over (order by expires_at desc, key_hash) as in_block
    from others),
  filled as (
    select count(*) >= $9 as is_full from cookie_overflow
    where expires_at > $8 and key_hash <> $1 and key_hash <> all ($2::bytea[])),
  oldest as (
    select key_hash from others where machine_hash = $4 and (select is_full from filled) order by expires_at, key_hash limit 1),
  leaving as (
    select unnest($2::bytea[]) as key_hash
    union select key_hash from oldest
    union select key_hash from placed
      where in_machine >= ${MOST.machine} or in_site >= ${MOST.site} or in_block >= ${MOST.block}),
  held as (
    select c.key_hash from cookie_overflow c join leaving l on l.key_hash = c.key_hash order by c.key_hash for update of c skip locked),
  gone as (delete from cookie_overflow c using held where c.key_hash = held.key_hash)
  insert into cookie_overflow as c (key_hash, content_sealed, machine_hash, site_hash, block_hash, expires_at)
  select $1, $3, $4, $5, $6, $7
  where not (select is_full from filled) or exists (select from oldest)
    or exists (select from cookie_overflow where key_hash = $1)
  on conflict (key_hash) do update set content_sealed = excluded.content_sealed, expires_at = excluded.expires_at
  returning true as done`;

const hash = (value: Buffer | string): Buffer => createHash('sha256').update(value).digest();
const contextOf = (keyHash: Buffer): string => `cookie_overflow:${keyHash.toString('hex')}`;

/**
 * Returns the hashes of the networks machine, site and block. An IPv4 address has no site: the next smaller network is
 * used instead.
 */
function hashNetworks(networks: readonly Network[]): readonly Buffer[] {
  const nameOf = (width: Network['width']) => networks.find((network) => network.width === width)?.name;
  const machine = nameOf('machine') ?? '';
  const site = nameOf('site') ?? machine;
  return [machine, site, nameOf('block') ?? site].map(hash);
}

/** Returns the store. `box`: the secret box for rows. `mostInAll` is only for tests. */
export function createCookieOverflow(pool: pg.Pool, box: SecretBox, mostInAll: number = MOST_IN_ALL): CookieOverflow {
  return {
    async put({ key, content, replaces, networks, expiresAt }, at) {
      const keyHash = hash(key);
      const sealed = box.seal(content, contextOf(keyHash));
      const values = [keyHash, replaces.map(hash), sealed, ...hashNetworks(networks), expiresAt, at, mostInAll];
      return (await queryRows(pool, PUT, values)).length > 0;
    },
    async find(key, at) {
      const keyHash = hash(key);
      const [row] = await queryRows<{ content_sealed: Buffer }>(
        pool,
        'select content_sealed from cookie_overflow where key_hash = $1 and expires_at > $2',
        [keyHash, at],
      );
      return row && box.openBytes(row.content_sealed, contextOf(keyHash));
    },
    async remove(keys) {
      await queryRows(pool, 'delete from cookie_overflow where key_hash = any ($1::bytea[])', [keys.map(hash)]);
    },
  };
}
