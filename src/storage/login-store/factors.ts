/**
 * Reads the second factors of an account, for a login that needs one. Part of the login store. Never read by a login
 * that needs none.
 */
import type { Pool } from 'pg';
import type { Factor, FactorKind, WebAuthnCredential } from '../../domain/factors/factor.js';
import { ACCOUNT_ADDRESS_ID } from '../../domain/factors/new-factor.js';
import { type Email, emailDomain, parseEmail } from '../../domain/people/email.js';
import type { SecretBox } from '../../kernel/seal.js';
import type { FactorGround, StoredPasskey } from '../../ports/login-store.js';
import { openFactorSecret } from '../factor-secrets.js';
import { run } from './query.js';

interface FactorRow {
  readonly id: string;
  readonly kind: FactorKind;
  readonly name: string | null;
  readonly address: string | null;
  readonly secret_sealed: Buffer | null;
  readonly last_step: number | string | null;
  readonly code_hash: Buffer | null;
  readonly credential_id: string | null;
  readonly public_key: Buffer | null;
  readonly sign_count: number | string | null;
  readonly user_handle: string | null;
  readonly credential: Omit<WebAuthnCredential, 'id' | 'publicKey' | 'signCount' | 'userHandle'> | null;
  readonly vouched_by: string | null;
}

/**
 * $1: user. The newest use first: the page offers that factor. Addresses for codes are read by FIND_ACCOUNT: they count
 * only beside one of these.
 */
const FIND_FACTORS = `select id, kind, name, address, secret_sealed, last_step, code_hash, credential_id, public_key, sign_count,
  user_handle, credential, vouched_by
from factors where user_id = $1 and confirmed_at is not null and kind <> 'email' order by last_used_at desc nulls last, created_at, id`;

/**
 * $1: user, $2: connection. `address`: the account's own, if a mail proved it or an operator answers for it. Attack: a
 * company asserts an address that it reads for the account, and the code goes there.
 * `password_from_mail`: a link set its password, and no login with this password has passed another factor since. Attack:
 * who reads the mailbox sets a new password, and passes the second factor by the same mailbox. A factor that the owner
 * passes after another sign-in, such as their company's, says nothing about that password.
 * `provider_addresses`, `provider_domains`: those that the provider of the connection asserted before, and the domains of
 * the connection. Attack: a company's administrator runs the provider and the mailboxes.
 */
const FIND_ACCOUNT = `select u.factors_revision as revision,
  case when u.email_vouched_by in ('mail', 'operator') then u.email end as address, u.email_vouched_by as address_vouched_by,
  (select jsonb_agg(jsonb_build_object('id', f.id, 'address', f.address, 'vouched_by', f.vouched_by) order by f.created_at, f.id)
    from factors f where f.user_id = $1 and f.kind = 'email' and f.confirmed_at is not null and f.address is not null) as mail,
  exists (select 1 from password_credentials p where p.user_id = $1 and p.connection_id = $2 and p.hash <> '!' and p.set_by_link) as password_from_mail,
  array(select i.profile ->> 'email' from identities i
    where i.user_id = $1 and i.connection_id = $2 and i.issuer <> '' and i.profile ->> 'email' is not null) as provider_addresses,
  array(select unnest(c.domain_aliases) from connections c where c.id = $2 and c.strategy <> 'auth0') as provider_domains,
  exists (select 1 from password_credentials p where p.user_id = $1 and p.connection_id <> $2 and p.hash <> '!')
    or exists (select 1 from identities i where i.user_id = $1 and i.connection_id <> $2 and i.status = 'bound' and i.issuer <> '') as others
from users u where u.user_id = $1`;

function toCredential(row: FactorRow): WebAuthnCredential | undefined {
  if (row.credential_id === null || row.public_key === null || row.credential === null) return undefined;
  return {
    ...row.credential,
    id: row.credential_id,
    publicKey: new Uint8Array(row.public_key),
    signCount: Number(row.sign_count ?? 0),
    userHandle: row.user_handle ?? '',
  };
}

function toFactor(row: FactorRow, userId: string, box: SecretBox): Factor {
  const secret = row.secret_sealed !== null ? openFactorSecret(box, userId, row.id, row.secret_sealed) : undefined;
  const credential = toCredential(row);
  return {
    id: row.id,
    kind: row.kind,
    ...(row.name !== null && { name: row.name }),
    ...(row.address !== null && { address: row.address }),
    ...(secret !== undefined && { secret }),
    ...(row.last_step !== null && { lastStep: Number(row.last_step) }),
    ...(row.code_hash !== null && { codeHash: row.code_hash }),
    ...(credential && { credential }),
    ...(row.vouched_by !== null && { vouchedBy: row.vouched_by }),
  };
}

interface AccountRow {
  readonly revision: number | string;
  readonly others: boolean;
  readonly address: string | null;
  readonly address_vouched_by: string | null;
  readonly mail:
    | null
    | readonly { readonly id: string; readonly address: string; readonly vouched_by: string | null }[];
  readonly password_from_mail: boolean;
  readonly provider_addresses: readonly string[];
  readonly provider_domains: readonly string[];
}

/**
 * Returns the addresses that a code may be mailed to, the account's own first, each once. None whose mailbox belongs to
 * the provider by which the person signs in.
 */
function toMail(account: AccountRow): readonly Factor[] {
  const { address, address_vouched_by: voucher, mail } = account;
  const own = address === null ? [] : [{ id: ACCOUNT_ADDRESS_ID, address, vouched_by: voucher }];
  const others = (mail ?? []).filter((one) => one.address !== address);
  const asserted = account.provider_addresses.map((one) => parseEmail(one));
  const isOfProvider = (email: string) =>
    asserted.some((one) => one === email) || account.provider_domains.includes(emailDomain(email as Email));
  return [...own, ...others]
    .filter((one) => !isOfProvider(one.address))
    .map(({ id, address: to, vouched_by: vouchedBy }) => ({
      ...{ id, kind: 'email' as const, address: to },
      ...(vouchedBy !== null && { vouchedBy }),
    }));
}

/** Implements {@link LoginReads.findFactors}. An unknown account has no factor. */
export async function findFactors(
  pool: Pool,
  box: SecretBox,
  { userId, connectionId }: { readonly userId: string; readonly connectionId: string },
): Promise<FactorGround> {
  const [account] = await run<AccountRow>(pool, { name: 'login-find-factor-account', text: FIND_ACCOUNT }, [
    userId,
    connectionId,
  ]);
  const rows = await run<FactorRow>(pool, { name: 'login-find-factors', text: FIND_FACTORS }, [userId]);
  return {
    revision: Number(account?.revision ?? 0),
    factors: rows.map((row) => toFactor(row, userId, box)),
    hasOtherWaysIn: account?.others === true,
    mail: account === undefined ? [] : toMail(account),
    isPasswordFromMail: account?.password_from_mail === true,
  };
}

/** $1: credential, $2: database connections, the preferred one first. */
const FIND_PASSKEY = `select f.id, f.kind, f.name, f.address, f.secret_sealed, f.last_step, f.code_hash, f.credential_id, f.public_key,
  f.sign_count, f.user_handle, f.credential, f.vouched_by, u.user_id, u.factors_revision as revision,
  (select c.id from unnest($2::text[]) with ordinality c (id, place)
    where exists (select 1 from password_credentials p where p.user_id = u.user_id and p.connection_id = c.id)
      or exists (select 1 from identities i where i.user_id = u.user_id and i.connection_id = c.id and i.status = 'bound')
    order by c.place limit 1) as connection_id
from factors f join users u on u.user_id = f.user_id
where f.credential_id = $1 and f.kind = 'passkey' and f.confirmed_at is not null`;

/** Implements {@link LoginReads.findPasskey}. */
export async function findPasskey(
  pool: Pool,
  box: SecretBox,
  { credentialId, connectionIds }: { readonly credentialId: string; readonly connectionIds: readonly string[] },
): Promise<StoredPasskey | undefined> {
  const [row] = await run<FactorRow & { user_id: string; revision: number | string; connection_id: string | null }>(
    pool,
    { name: 'login-find-passkey', text: FIND_PASSKEY },
    [credentialId, connectionIds],
  );
  if (row === undefined) return undefined;
  return {
    userId: row.user_id,
    revision: Number(row.revision),
    factor: toFactor(row, row.user_id, box),
    connectionId: row.connection_id ?? undefined,
  };
}
