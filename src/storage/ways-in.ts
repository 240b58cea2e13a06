/**
 * The statement that finds how an account can be signed in to, for the rule of who may change that
 * (src/domain/factors/company-session.ts). The page of the account, the My Account API and the token endpoint all read it.
 * Decides nothing.
 */

/**
 * $1: user. Returns rows as `WayIn`. A password that was ended is no way in, nor is the identity that stands for a
 * password.
 */
export const FIND_WAYS = `select p.connection_id as "connectionId", k.strategy from password_credentials p
  join connections k on k.id = p.connection_id where p.user_id = $1 and p.hash <> '!'
union select i.connection_id, k.strategy from identities i join connections k on k.id = i.connection_id
where i.user_id = $1 and i.status = 'bound' and (i.issuer <> '' or k.strategy <> 'auth0')`;
