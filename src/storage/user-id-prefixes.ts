/** The prefix of account ids from identity providers: one rule for a login that creates an account and for unlinking an identity. */

/**
 * The issuer as the table has it, without slashes at its end. SCIM knows the issuer from the connection's options before anybody signed in;
 * an ID token may write it with a slash. Takes an expression.
 */
export function prefixIssuer(issuer: string): string {
  return `rtrim(${issuer}, '/')`;
}

/** The prefix that belongs to a connection and issuer, as SQL; null when none was given yet. Takes expressions. */
export function knownPrefix(connection: string, issuer: string): string {
  return `(select p.prefix from user_id_prefixes p where p.connection_id = ${connection} and p.issuer = ${prefixIssuer(issuer)})`;
}

/** The first prefix that is not taken: `base` (strategy and name), then `base~2`, `base~3`. `base` is an expression. */
export function freePrefix(base: string): string {
  return `case when not exists (select 1 from user_id_prefixes p where p.prefix = ${base}) then ${base}
    else ${base} || '~' || (
      with recursive tried (n) as (
        select 2 union all
        select n + 1 from tried where (select true from user_id_prefixes p where p.prefix = ${base} || '~' || n))
      select max(n) from tried) end`;
}
