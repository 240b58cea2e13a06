/** Strangers whom refused logins of before the guard left as members. The first of them is a real one; the others are copies of their rows. */
import { useActions } from './actions.js';
import type { GuardRig } from './guard-rig.js';

const DENY = `exports.onExecutePostLogin = async (event, api) => api.access.deny('Not you.');`;

/** Leaves `count` strangers in Acme, named `prefix`, `prefix`-1, `prefix`-2 and so on; returns the ids of their users, sorted. */
export async function leaveStrangers(rig: GuardRig, prefix: string, count: number): Promise<readonly string[]> {
  const { instance } = rig.stage;
  const first = rig.employ(prefix);
  await rig.stage.enablement({ assign_membership_on_login: true });
  const remove = await useActions(instance, 'post-login', { name: `deny-${prefix}`, code: DENY });
  await rig.enter(prefix);
  await remove();
  const { pool } = instance.database;
  const copies = count - 1;
  const values = [first, copies];
  await pool.query(
    `insert into users (user_id, email, email_vouched_by, name, created_at, updated_at)
     select user_id || '-' || n, n || '-' || email, email_vouched_by, name, created_at, updated_at
     from users, generate_series(1, $2::int) n where user_id = $1`,
    values,
  );
  await pool.query(
    `insert into identities (user_id, id, connection_id, status, issuer, subject, is_primary, profile, created_at, bound_at)
     select user_id || '-' || n, id || '-' || n, connection_id, status, issuer, subject || '-' || n, is_primary, profile, created_at, bound_at
     from identities, generate_series(1, $2::int) n where user_id = $1`,
    values,
  );
  await pool.query(
    `insert into members (organization_id, user_id, via, created_at)
     select organization_id, user_id || '-' || n, via, created_at
     from members, generate_series(1, $2::int) n where user_id = $1`,
    values,
  );
  await pool.query(
    `insert into logs (organization_id, log_id, date, type, user_id, connection_id, details)
     select organization_id, left(log_id, -4) || lpad(n::text, 4, '0'), date, type, user_id || '-' || n, connection_id, details
     from logs, generate_series(1, $2::int) n where user_id = $1 and type = 'organization_member_added'`,
    values,
  );
  return [first, ...Array.from({ length: copies }, (_, index) => `${first}-${index + 1}`)].sort();
}
