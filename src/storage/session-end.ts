/**
 * Says in SQL why sessions end. The trigger that queues the notices of back-channel logout reads it
 * (sql/0002_logout_notices.sql); without it, a trigger can only tell a deleted or blocked account from a revoked session.
 */
import type { LogoutInitiator } from '../domain/logout-notice.js';

const setting = (value: string) =>
  `with why as materialized (select set_config('vestibule.session_end', ${value}, true))`;

/**
 * Returns the beginning of a statement that ends sessions: `with why as (…)`. The statement must join `why`, so that it
 * is computed first. The reason applies to the rest of the transaction.
 */
export function because(initiator: LogoutInitiator): string {
  return setting(`'${initiator}'`);
}

/** Does the same as {@link because}, with the reason in the parameter $2. An empty text means no reason. */
export const BECAUSE_OF_2 = setting('$2::text');
