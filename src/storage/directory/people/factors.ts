/**
 * Second factors of accounts, for administrators. Seals the secrets that it stores, and reads none back. A login reads
 * and uses factors in src/storage/login-store.
 */
import { type Kysely, type Selectable, sql } from 'kysely';
import type { SecretBox } from '../../../kernel/seal.js';
import type { AddedFactor, FactorDirectory, FactorRecord, TracedCredential } from '../../../ports/directory/factors.js';
import { sealFactorSecret } from '../../factor-secrets.js';
import type { Database, FactorsTable } from '../../schema/schema.js';
import { orNull, orUndefined } from '../rows.js';

type Row = Omit<Selectable<FactorsTable>, 'secret_sealed' | 'code_hash' | 'last_step'>;

/** The columns that are read: none with a secret or a hash. */
const SHOWN = [
  ...([
    'user_id',
    'id',
    'kind',
    'name',
    'address',
    'credential_id',
    'public_key',
    'sign_count',
    'user_handle',
  ] as const),
  ...(['credential', 'vouched_by', 'created_at', 'confirmed_at', 'last_used_at'] as const),
];

function toCredential(row: Row): TracedCredential | undefined {
  if (row.credential_id === null || row.public_key === null || row.credential === null) return undefined;
  return {
    ...(row.credential as unknown as Omit<TracedCredential, 'id' | 'publicKey' | 'signCount' | 'userHandle'>),
    id: row.credential_id,
    publicKey: new Uint8Array(row.public_key),
    signCount: Number(row.sign_count ?? 0),
    userHandle: row.user_handle ?? '',
  };
}

function toRecord(row: Row): FactorRecord {
  return {
    id: row.id,
    kind: row.kind,
    name: orUndefined(row.name),
    address: orUndefined(row.address),
    credential: toCredential(row),
    createdAt: row.created_at,
    confirmedAt: orUndefined(row.confirmed_at),
    lastUsedAt: orUndefined(row.last_used_at),
  };
}

/**
 * The source that vouches for a factor: an administrator answers for theirs, as for a password that they set; a person's
 * has the voucher of the password or identity of their session, as in a login (login-store/factor-parts.ts).
 */
function voucherOf(userId: string, connectionId: string | null | undefined) {
  if (connectionId === undefined) return sql<string | null>`'operator'`;
  if (connectionId === null) return voucherOfAll(userId);
  return sql<string | null>`coalesce(
        (select p.vouched_by from password_credentials p where p.user_id = ${userId} and p.connection_id = ${connectionId}),
        (select coalesce(i.email_vouched_by, 'idp') from identities i
          where i.user_id = ${userId} and i.connection_id = ${connectionId} and i.status = 'bound' and i.issuer <> '' limit 1))`;
}

/**
 * The source that vouches for all ways in together; null where one of them may be a stranger's. Attack: a stranger who
 * opened the account is shown a ticket, and their factor outlives the owner's arrival.
 */
const voucherOfAll = (userId: string) => sql<string | null>`(select case
    when not exists (select from password_credentials p where p.user_id = ${userId} and p.hash <> '!' and p.vouched_by is null)
    then coalesce((select min(p.vouched_by) from password_credentials p where p.user_id = ${userId}),
      (select min(coalesce(i.email_vouched_by, 'idp')) from identities i
        where i.user_id = ${userId} and i.status = 'bound' and i.issuer <> '')) end)`;

function toRow(userId: string, factor: AddedFactor, at: Date, box: SecretBox) {
  const { id, kind, name, address, secret, lastStep, codeHash } = factor;
  const { id: credentialId, publicKey, signCount, userHandle, ...more } = factor.credential ?? {};
  return {
    user_id: userId,
    id,
    kind,
    name: orNull(name),
    address: orNull(address),
    secret_sealed: secret === undefined ? null : sealFactorSecret(box, userId, id, secret),
    last_step: orNull(lastStep),
    code_hash: orNull(codeHash),
    credential_id: orNull(credentialId),
    public_key: publicKey === undefined ? null : Buffer.from(publicKey),
    sign_count: orNull(signCount),
    user_handle: orNull(userHandle),
    credential: factor.credential === undefined ? null : JSON.stringify(more),
    vouched_by: voucherOf(userId, factor.connectionId),
    created_at: at,
    confirmed_at: at,
    last_used_at: null,
  };
}

/** Kinds that count only beside another one. A passkey is also a way to sign in. */
const BESIDE = ['recovery-code', 'passkey', 'email'] as const;

/** Returns those of the accounts that have a second factor. */
export async function findWithSecondFactor(
  db: Kysely<Database>,
  userIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (userIds.length === 0) return new Set();
  const rows = await db
    .selectFrom('factors')
    .select('user_id')
    .distinct()
    .where('user_id', 'in', [...userIds])
    .where('confirmed_at', 'is not', null)
    .where('kind', 'not in', BESIDE)
    .execute();
  return new Set(rows.map((row) => row.user_id));
}

/** Creates the directory of second factors. `box`: the secret box for rows. */
export function createFactorDirectory(db: Kysely<Database>, box: SecretBox): FactorDirectory {
  const raiseRevision = async (userId: string) => {
    await db
      .updateTable('users')
      .set({ factors_revision: sql<number>`factors_revision + 1` })
      .where('user_id', '=', userId)
      .execute();
  };
  return {
    async list(userId) {
      const rows = await db
        .selectFrom('factors')
        .select(SHOWN)
        .where('user_id', '=', userId)
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      return rows.map(toRecord);
    },
    async getRevision(userId) {
      const row = await db
        .selectFrom('users')
        .select('factors_revision')
        .where('user_id', '=', userId)
        .executeTakeFirst();
      return Number(row?.factors_revision ?? 0);
    },
    async findAccount(ids) {
      const row = await db
        .selectFrom('factors')
        .select('user_id')
        .where('id', 'in', [...ids])
        .limit(1)
        .executeTakeFirst();
      return row?.user_id;
    },
    async change(userId, { remove = [], add = [], at }) {
      if (remove.length + add.length === 0) return;
      if (remove.length > 0)
        await db
          .deleteFrom('factors')
          .where('user_id', '=', userId)
          .where('id', 'in', [...remove])
          .execute();
      if (add.length > 0)
        await db
          .insertInto('factors')
          .values(add.map((factor) => toRow(userId, factor, at, box)))
          .execute();
      await raiseRevision(userId);
    },
    async rename(userId, id, name) {
      await db.updateTable('factors').set({ name }).where('user_id', '=', userId).where('id', '=', id).execute();
    },
    forgetBrowsers: raiseRevision,
  };
}
