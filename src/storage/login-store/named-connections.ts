/** Reads connections that a URL or a message names, by name, id or issuer. Part of the login store. */
import type { Connection } from '../../domain/tenant.js';
import { run } from './query.js';
import { CONNECTION, type ConnectionReads, toEnablement } from './target.js';

type Json = Record<string, unknown>;

/** $1: name, $2: the strategies that can sign in. */
const FIND_NAMED = `select jsonb_build_object('connection', ${CONNECTION}, 'settings', '{}'::jsonb) as found
from connections n where n.name = $1 and n.strategy = any($2)`;

/** Returns the connection with this name, for URLs that name one; undefined when nobody can sign in through it. */
export async function findConnectionNamed(
  { pool, box, strategies }: ConnectionReads,
  name: string,
): Promise<Connection | undefined> {
  const text = { name: 'login-find-named', text: FIND_NAMED };
  const [row] = await run<{ found: Json }>(pool, text, [name, strategies]);
  return row && toEnablement(row.found, box).connection;
}

/** $1: id, $2: the strategies that can sign in. */
const FIND_BY_ID = FIND_NAMED.replace('n.name = $1', 'n.id = $1');
/** $1: issuer. Attack: ten connections of one customer hide the provider of another. So one of each comes first. */
const LIST_BY_ISSUER = `select jsonb_build_object('connection', ${CONNECTION}, 'settings', '{}'::jsonb) as found
from (select k.*, row_number() over (partition by coalesce(k.managed_by_organization, k.id) order by k.id) as turn
  from connections k where k.strategy = 'samlp' and k.options ->> 'issuer' = $1) n order by n.turn, n.id limit 10`;

/** Returns the connection with this id; undefined when nobody can sign in through it. */
export async function findConnectionById(
  { pool, box, strategies }: ConnectionReads,
  id: string,
): Promise<Connection | undefined> {
  const [row] = await run<{ found: Json }>(pool, { name: 'login-find-by-id', text: FIND_BY_ID }, [id, strategies]);
  return row && toEnablement(row.found, box).connection;
}

/** Returns at most ten SAML connections that pin this issuer. */
export async function listSamlConnections(
  { pool, box }: Pick<ConnectionReads, 'pool' | 'box'>,
  issuer: string,
): Promise<readonly Connection[]> {
  const rows = await run<{ found: Json }>(pool, { name: 'login-list-saml', text: LIST_BY_ISSUER }, [issuer]);
  return rows.map(({ found }) => toEnablement(found, box).connection);
}
