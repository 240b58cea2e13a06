/**
 * The prefix of user ids from identity providers. Shared by a login that creates an account and by unlinking an
 * identity.
 */

/**
 * Returns SQL for the issuer without trailing slashes, as the table stores it. SCIM knows the issuer from the
 * connection's options before anybody signed in; an ID token may write it with a slash. Takes an expression.
 */
export function prefixIssuer(issuer: string): string {
  return `rtrim(${issuer}, '/')`;
}

/** Returns SQL for the prefix of a connection and issuer, null when none is assigned yet. Takes expressions. */
export function knownPrefix(connection: string, issuer: string): string {
  return `(select p.prefix from user_id_prefixes p where p.connection_id = ${connection} and p.issuer = ${prefixIssuer(issuer)})`;
}

/**
 * Returns SQL for the first free prefix: `base` (strategy and name), then `base~2`, `base~3`. `base` is an expression.
 */
export function freePrefix(base: string): string {
  return `case when not exists (select 1 from user_id_prefixes p where p.prefix = ${base}) then ${base}
    else ${base} || '~' || (
      with recursive tried (n) as (
        select 2 union all
        select n + 1 from tried where (select true from user_id_prefixes p where p.prefix = ${base} || '~' || n))
      select max(n) from tried) end`;
}
