/**
 * Second factors at the token endpoint: reads and writes of src/ports/factor-store.ts. Each change of an account's factors
 * locks the account first, as a login does. Decides nothing; the conditions only ensure that the decision still holds.
 */
import type pg from 'pg';
import type { WayIn } from '../../domain/factors/company-session.js';
import { type StoredGuardian, toTenantFactors } from '../../domain/factors/factor.js';
import { isLastRequired } from '../../domain/factors/last-factor.js';
import { ACCOUNT_ADDRESS_ID, MOST_OF_A_KIND } from '../../domain/factors/new-factor.js';
import type { SecretBox } from '../../kernel/seal.js';
import type { FactorConfirmation, FactorStore } from '../../ports/factor-store.js';
import type { FactorUse } from '../../ports/factor-writes.js';
import type { LogEntry } from '../../ports/ledger.js';
import type { OutgoingMail } from '../../ports/mailer.js';
import { type Deadline, startDeadline } from '../database/deadline.js';
import { insertLogEntry } from '../database/ledger.js';
import { inTransaction, type Queryable, queryRows } from '../database/pool.js';
import { openFactorSecret, sealFactorSecret } from '../factor-secrets.js';
import { insertMail } from '../jobs/outbox.js';
import { withinShare } from '../shares.js';
import { FIND_WAYS } from '../ways-in.js';
import { statementAfterActions, type Verdict } from './exchange-after-actions.js';
import { mendWrite, toRotation } from './write.js';

/** $1 user, $2 the time after which it was made. */
const FIND_PENDING = `select id, secret_sealed from factors
where user_id = $1 and kind = 'otp' and confirmed_at is null and created_at > $2 order by created_at desc, id limit 1`;

/** $1: user, $2: session, $3: now. */
const FIND_SESSION = 'select connection_id from sessions where user_id = $1 and id = $2 and expires_at > $3';

const FIND_NEWEST = 'select max(confirmed_at) as at from factors where user_id = $1';

const LOCK_USER = 'select 1 from users where user_id = $1 and not blocked for no key update';

/**
 * $1 user, $2 connection of the login, or null. The voucher of a new factor is that of the password or identity of the
 * login, as in factor-parts.ts: the identity that stands for a password vouches for nothing. Without a connection it is
 * that of all passwords together: one of a stranger leaves none, unless it has ended.
 */
const FIND_VOUCHER = `select case when $2::text is not null then coalesce(
    (select p.vouched_by from password_credentials p where p.user_id = $1 and p.connection_id = $2),
    (select coalesce(i.email_vouched_by, 'idp') from identities i
      where i.user_id = $1 and i.connection_id = $2 and i.status = 'bound' and i.issuer <> '' limit 1))
  when not exists (select from password_credentials p where p.user_id = $1 and p.hash <> '!' and p.vouched_by is null) then coalesce(
    (select min(p.vouched_by) from password_credentials p where p.user_id = $1),
    (select min(coalesce(i.email_vouched_by, 'idp')) from identities i where i.user_id = $1 and i.status = 'bound' and i.issuer <> ''))
  end as voucher`;

const END_PENDING = `delete from factors where user_id = $1 and kind = 'otp' and confirmed_at is null`;

const INSERT_PENDING = `insert into factors (user_id, id, kind, secret_sealed, code_hash, vouched_by, created_at)
values ($1, $2, 'otp', $3, $4, $5, $6)`;

/** $4 the new state of the app: the recovery code that was shown with it gets a row of its own. */
const CONFIRM = `update factors set confirmed_at = $3, last_used_at = $3, last_step = $4, code_hash = null
where user_id = $1 and id = $2`;

const INSERT_CODE = `insert into factors (user_id, id, kind, code_hash, vouched_by, created_at, confirmed_at)
select $1, $2, 'recovery-code', $3, $4, $5, $5
where not exists (select from factors where user_id = $1 and kind = 'recovery-code')`;

const RAISE = 'update users set factors_revision = factors_revision + 1 where user_id = $1';

/** A code of an app. Attack: the same code twice, also on two nodes at once. The condition is that of factor-parts.ts. */
const USE_CODE = `update factors set last_step = $3, last_used_at = $4
where user_id = $1 and id = $2 and confirmed_at is not null and (last_step is null or last_step < $3) returning 1`;

/** A recovery code. It is replaced at once, so it works once. */
const USE_RECOVERY = `update factors set code_hash = $5, last_used_at = $4
where user_id = $1 and id = $2 and confirmed_at is not null and code_hash = $3 returning 1`;

/** The account's own address, for a code by mail. The conditions are those of factor-parts.ts. */
const HAS_ADDRESS = `select 1 from users where user_id = $1 and email = $2 and email_vouched_by in ('mail', 'operator')`;

/** A further address. Attack: it was removed, or changed, after the code was mailed. */
const USE_ADDRESS = `update factors set last_used_at = $4
where user_id = $1 and id = $2 and kind = 'email' and address = $3 and confirmed_at is not null returning 1`;

const SPEND = `insert into login_receipts (organization_id, transaction_id, expires_at) values ($1, $2, $3)
on conflict do nothing returning 1`;

/** Ends the transaction without a write. */
class Undone extends Error {
  constructor(readonly outcome: 'moved' | 'reused' | 'spent' | 'factor') {
    super(outcome);
  }
}

/** The confirmed factors that keep another one from being set up; $1 user. */
const OTHERS = {
  nothing: `select 1 from factors where user_id = $1 and confirmed_at is not null and kind <> 'email' limit 1`,
  others: `select 1 from factors where user_id = $1 and confirmed_at is not null and kind = 'otp' limit 1`,
} as const;

async function isLocked(db: Queryable, userId: string): Promise<boolean> {
  return (await queryRows(db, LOCK_USER, [userId])).length === 1;
}

/**
 * Confirms a pending app under the lock of its account. False when it expired, was replaced, or may not be set up any
 * more. Attack: somebody with the password begins, the owner sets up a factor of their own, and the first one is confirmed.
 */
async function confirm(
  db: Queryable,
  userId: string,
  { id, step, recoveryId, madeAfter }: FactorConfirmation,
  { at, beside }: { readonly at: Date; readonly beside: keyof typeof OTHERS },
): Promise<boolean> {
  if ((await queryRows(db, OTHERS[beside], [userId])).length > 0) return false;
  const [row] = await queryRows<{ code_hash: Buffer | null; vouched_by: string | null }>(
    db,
    `select code_hash, vouched_by from factors where user_id = $1 and id = $2 and confirmed_at is null and created_at > $3
     for no key update`,
    [userId, id, madeAfter],
  );
  if (row === undefined) return false;
  await queryRows(db, CONFIRM, [userId, id, at, step]);
  if (row.code_hash !== null) await queryRows(db, INSERT_CODE, [userId, recoveryId, row.code_hash, row.vouched_by, at]);
  await queryRows(db, RAISE, [userId]);
  return true;
}

/** Claims a code by mail. Attack: the same code twice, also on two nodes at once: its receipt is stored once. */
async function useMailed(
  db: Queryable,
  userId: string,
  { id, code, address }: { readonly id: string; readonly code: string; readonly address: string },
  at: Date,
): Promise<boolean> {
  const isOwn = id === ACCOUNT_ADDRESS_ID;
  const found = isOwn
    ? await queryRows(db, HAS_ADDRESS, [userId, address])
    : await queryRows(db, USE_ADDRESS, [userId, id, address, at]);
  const spent = await queryRows(db, SPEND, ['', `code:${code}`, new Date(at.getTime() + 86_400_000)]);
  return found.length === 1 && spent.length === 1;
}

async function use(db: Queryable, userId: string, used: FactorUse, at: Date): Promise<boolean> {
  const { id, step, codeHash, nextCodeHash, mailed } = used;
  if (mailed !== undefined) return useMailed(db, userId, { id, ...mailed }, at);
  if (step !== undefined) return (await queryRows(db, USE_CODE, [userId, id, step, at])).length === 1;
  if (codeHash === undefined || nextCodeHash === undefined) return false;
  if ((await queryRows(db, USE_RECOVERY, [userId, id, codeHash, at, nextCodeHash])).length === 0) return false;
  await queryRows(db, RAISE, [userId]);
  return true;
}

interface Deps {
  readonly pool: pg.Pool;
  readonly box: SecretBox;
  readonly wake: () => void;
}

/** Runs a change in one transaction, within the shares of its person and organization. */
async function changing<Result>(
  { pool, wake }: Deps,
  holder: { readonly userId: string; readonly organizationId?: string | undefined },
  work: (db: Queryable) => Promise<Result>,
  deadline: Deadline = startDeadline(pool),
): Promise<Result> {
  const result = await withinShare(pool, holder, () => inTransaction(pool, work, deadline), deadline);
  wake();
  return result;
}

async function tell(
  { box }: Deps,
  db: Queryable,
  { log, mail }: { readonly log: readonly LogEntry[]; readonly mail: readonly OutgoingMail[] },
  at: Date,
): Promise<void> {
  for (const line of log) await insertLogEntry(db, line);
  for (const one of mail) await insertMail(db, box, one, at);
}

const findSetup =
  ({ pool, box }: Deps): FactorStore['findSetup'] =>
  async ({ userId, madeAfter, sessionId, at }) => {
    const [row] = await queryRows<{ id: string; secret_sealed: Buffer }>(pool, FIND_PENDING, [userId, madeAfter]);
    const ways = await queryRows<WayIn>(pool, FIND_WAYS, [userId]);
    const [newest] = await queryRows<{ at: Date | null }>(pool, FIND_NEWEST, [userId]);
    const [session] =
      sessionId === undefined
        ? []
        : await queryRows<{ connection_id: string }>(pool, FIND_SESSION, [userId, sessionId, at]);
    return {
      connectionId: session?.connection_id,
      confirmedAt: newest?.at ?? undefined,
      pending: row && { id: row.id, secret: openFactorSecret(box, userId, row.id, row.secret_sealed) },
      ways,
    };
  };

const startSetup =
  (deps: Deps): FactorStore['startSetup'] =>
  ({ userId, connectionId, factor, codeHash, beside, at, log }) =>
    changing(deps, { userId }, async (db) => {
      if (!(await isLocked(db, userId))) return 'enrolled';
      if ((await queryRows(db, OTHERS[beside], [userId])).length > 0) return 'enrolled';
      const [found] = await queryRows<{ voucher: string | null }>(db, FIND_VOUCHER, [userId, connectionId ?? null]);
      await queryRows(db, END_PENDING, [userId]);
      const sealed = sealFactorSecret(deps.box, userId, factor.id, factor.secret);
      await queryRows(db, INSERT_PENDING, [userId, factor.id, sealed, codeHash ?? null, found?.voucher ?? null, at]);
      await insertLogEntry(db, log);
      return 'stored';
    });

const confirmSetup =
  (deps: Deps): FactorStore['confirmSetup'] =>
  ({ userId, confirmed, at, log, mail }) =>
    changing(deps, { userId }, async (db) => {
      if (!(await isLocked(db, userId))) return 'factor';
      if (!(await confirm(db, userId, confirmed, { at, beside: 'others' }))) return 'factor';
      await tell(deps, db, { log, mail }, at);
      return 'confirmed';
    });

type Exchange = Parameters<FactorStore['exchange']>;

/** The writes of an exchange. Throws {@link Undone} where a condition does not hold any more. */
async function exchangeWithin(deps: Deps, db: Queryable, [command, claim]: Exchange): Promise<void> {
  const { token, at, log } = command;
  const { receipt, answer } = claim;
  const { userId } = token;
  if (!(await isLocked(db, userId))) throw new Undone('moved');
  const spent = await queryRows(db, SPEND, [log.organizationId ?? '', `mfa:${receipt.id}`, receipt.expiresAt]);
  if (spent.length === 0) throw new Undone('spent');
  const isClaimed =
    'used' in answer
      ? await use(db, userId, answer.used, at)
      : await confirm(db, userId, answer.confirmed, { at, beside: 'nothing' });
  if (!isClaimed) throw new Undone('factor');
  const { text, values } = statementAfterActions(command);
  const [row] = await queryRows<Verdict>(db, text, values);
  if (!row?.done) throw new Undone(row?.stands ? 'reused' : 'moved');
  await tell(deps, db, claim, at);
}

const exchange =
  (deps: Deps): FactorStore['exchange'] =>
  async (...args) => {
    const [command] = args;
    const { token, log } = command;
    const deadline = startDeadline(deps.pool);
    try {
      const holder = { userId: token.userId, organizationId: log.organizationId };
      await changing(deps, holder, (db) => exchangeWithin(deps, db, args), deadline);
    } catch (error) {
      if (error instanceof Undone) return error.outcome;
      await mendWrite(deps.pool, log, { error, deadline, rotation: toRotation(command) });
    }
    return 'exchanged';
  };

/**
 * $1 user, $2 id, $3 address, $4 voucher, $5 time, $6 most. Attack: the last factor that counts alone was removed while the
 * code was on its way, and the mailbox would be the first factor.
 */
const INSERT_ADDRESS = `insert into factors (user_id, id, kind, address, vouched_by, created_at, confirmed_at)
select $1, $2, 'email', $3, $4, $5, $5
where exists (select from factors where user_id = $1 and kind in ('otp', 'webauthn-roaming') and confirmed_at is not null)
  and not exists (select from factors where user_id = $1 and kind = 'email' and address = $3)
  and (select count(*) from factors where user_id = $1 and kind = 'email') < $6
returning 1`;

const addAddress =
  (deps: Deps): FactorStore['addAddress'] =>
  async ({ userId, added, at, log, mail }) => {
    const { id, address, code } = added;
    try {
      return await changing(deps, { userId }, async (db) => {
        if (!(await isLocked(db, userId))) throw new Undone('factor');
        const spent = await queryRows(db, SPEND, ['', `code:${code}`, new Date(at.getTime() + 86_400_000)]);
        const [found] = await queryRows<{ voucher: string | null }>(db, FIND_VOUCHER, [userId, null]);
        const values = [userId, id, address, found?.voucher ?? null, at, MOST_OF_A_KIND.email];
        if (spent.length === 0 || (await queryRows(db, INSERT_ADDRESS, values)).length === 0)
          throw new Undone('factor');
        await queryRows(db, RAISE, [userId]);
        await tell(deps, db, { log, mail }, at);
        return 'added' as const;
      });
    } catch (error) {
      if (error instanceof Undone) return 'factor';
      throw error;
    }
  };

const REMOVE = 'delete from factors where user_id = $1 and id = $2 and confirmed_at is not null returning 1';

/** A recovery code alone counts for nothing, and would keep the next set-up from making a new one. */
const REMOVE_LONELY_CODE = `delete from factors f where user_id = $1 and kind = 'recovery-code' and not exists (
  select from factors o where o.user_id = $1 and o.kind not in ('recovery-code', 'email') and o.confirmed_at is not null)`;

/**
 * $1: user. Reads the confirmed factors of the account, the tenant's settings, and those of the person's organizations. The
 * rows of a locked user: nobody else changes the factors meanwhile.
 */
const FIND_ASKING = `select
  (select coalesce(json_agg(json_build_object('id', f.id, 'kind', f.kind)), '[]') from factors f
    where f.user_id = $1 and f.confirmed_at is not null) as factors,
  (select t.guardian from tenant t where t.id = 1) as guardian,
  (select coalesce(json_agg(json_build_object('mfa', o.mfa, 'mfaFactors', o.mfa_factors,
      'isOfOperators', exists (select from operators p where p.organization_id = o.id))), '[]')
    from members m join organizations o on o.id = m.organization_id
    where m.user_id = $1 and not o.blocked) as organizations`;

interface AskingRow {
  readonly factors: Parameters<typeof isLastRequired>[0];
  readonly guardian: StoredGuardian;
  readonly organizations: Parameters<typeof isLastRequired>[3];
}

async function isRequired(db: Queryable, userId: string, id: string): Promise<boolean> {
  const [row] = await queryRows<AskingRow>(db, FIND_ASKING, [userId]);
  if (row === undefined) return true;
  return isLastRequired(row.factors, id, toTenantFactors(row.guardian), row.organizations);
}

const remove =
  (deps: Deps): FactorStore['remove'] =>
  ({ userId, id, at, log, mail }) =>
    changing(deps, { userId }, async (db) => {
      if (!(await isLocked(db, userId))) return 'unknown';
      if (await isRequired(db, userId, id)) return 'required';
      if ((await queryRows(db, REMOVE, [userId, id])).length === 0) return 'unknown';
      await queryRows(db, REMOVE_LONELY_CODE, [userId]);
      await queryRows(db, RAISE, [userId]);
      await tell(deps, db, { log, mail }, at);
      return 'removed';
    });

/** Creates the store. `box`: the secret box for rows. `wake` is called after each commit with mail. */
export function createFactorStore(pool: pg.Pool, box: SecretBox, wake: () => void = () => undefined): FactorStore {
  const deps = { pool, box, wake };
  return {
    findSetup: findSetup(deps),
    startSetup: startSetup(deps),
    confirmSetup: confirmSetup(deps),
    addAddress: addAddress(deps),
    exchange: exchange(deps),
    remove: remove(deps),
  };
}
