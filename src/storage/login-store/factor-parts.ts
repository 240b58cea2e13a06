/**
 * The parts of a commit that concern second factors: the claim of the answers that the person gave, and the factors that
 * they set up. An answer counts once, on any node: its row is locked and checked again. Part of commit-parts.ts; decides
 * nothing.
 */
import { ACCOUNT_ADDRESS_ID } from '../../domain/factors/new-factor.js';
import type { SecretBox } from '../../kernel/seal.js';
import type { FactorUse, NewFactor } from '../../ports/factor-writes.js';
import { sealFactorSecret } from '../factor-secrets.js';
import type { AnyPlan, Part } from './commit-statement.js';

/** One use as the statement reads it; hashes are hexadecimal. */
const toUse = ({ id, step, signCount, backedUp, codeHash, nextCodeHash }: FactorUse) => ({
  id,
  step,
  count: signCount,
  backed_up: backedUp ?? false,
  hash: codeHash?.toString('hex'),
  next: nextCodeHash?.toString('hex'),
});

/** True when the person signed in with a passkey, and came by a mailed link: the passkey is theirs, as a password is. */
const isPasskeyMailed = ({ relyAccount, endPasswords }: AnyPlan): boolean =>
  relyAccount?.passkeyId !== undefined && endPasswords !== undefined;

/**
 * The answers that the person gave, each of its own factor. Attacks: a code of an authenticator app twice, also on two
 * nodes at once; a copied key, whose counter falls behind (WebAuthn section 7.2; copies of a synced credential count
 * each by itself); a recovery code twice: it is replaced at once.
 */
const USED: Part = {
  name: 'factors-used',
  types: { used: 'jsonb', used_mailed: 'boolean' },
  values: (plan) => {
    const used = plan.factors?.used?.filter(({ mailed }) => mailed === undefined) ?? [];
    return used.length > 0 ? { used: used.map(toUse), used_mailed: isPasskeyMailed(plan) } : undefined;
  },
  reads: {
    factor_uses: `select * from jsonb_to_recordset(:used)
      as x (id text, step bigint, count bigint, backed_up boolean, hash text, next text)`,
    factors_now: `select id, last_step, sign_count, code_hash, credential from factors
      where user_id = :user and id in (select id from factor_uses) and confirmed_at is not null for no key update`,
  },
  checks: [
    {
      conflict: 'factor',
      when: `exists (select 1 from factor_uses x where not exists (select 1 from factors_now f where f.id = x.id and case
        when x.step is not null then f.last_step is null or f.last_step < x.step
        when x.hash is not null then f.code_hash = decode(x.hash, 'hex')
        else f.sign_count < x.count or coalesce(f.sign_count, 0) = 0 and x.count = 0
          or f.credential ->> 'deviceType' = 'multiDevice' end))`,
    },
  ],
  writes: {
    used_factors: `update factors f set last_used_at = :at, last_step = coalesce(x.step, f.last_step),
        sign_count = coalesce(x.count, f.sign_count), code_hash = coalesce(decode(x.next, 'hex'), f.code_hash),
        vouched_by = case when :used_mailed and x.count is not null then coalesce(f.vouched_by, 'mail') else f.vouched_by end,
        credential = case when x.count is null then f.credential
          else f.credential || jsonb_build_object('backedUp', x.backed_up) end
      from factor_uses x where exists (select 1 from go) and f.user_id = :user and f.id = x.id`,
  },
};

const toMailUse = ({ id, mailed }: FactorUse) => ({ id, ...mailed, own: id === ACCOUNT_ADDRESS_ID });

/**
 * The codes by mail that the person typed. Attacks: a code twice, also on two nodes at once, or in two organizations by a
 * copied cookie: its receipt is stored once. An address that was removed, or is no more the account's, since the code was
 * mailed.
 */
const MAILED: Part = {
  name: 'factors-mailed',
  types: { mail_used: 'jsonb' },
  values: (plan) => {
    const used = plan.factors?.used?.filter(({ mailed }) => mailed !== undefined) ?? [];
    return used.length > 0 ? { mail_used: used.map(toMailUse) } : undefined;
  },
  reads: {
    mail_uses: 'select * from jsonb_to_recordset(:mail_used) as x (id text, code text, address text, own boolean)',
    mail_now: `select id, address from factors where user_id = :user and kind = 'email' and confirmed_at is not null
      and id in (select id from mail_uses) for no key update`,
  },
  checks: [
    {
      conflict: 'factor',
      when: `exists (select 1 from mail_uses x where case when x.own
        then not exists (select 1 from users u where u.user_id = :user and u.email = x.address and u.email_vouched_by in ('mail', 'operator'))
        else not exists (select 1 from mail_now f where f.id = x.id and f.address = x.address) end)`,
    },
    {
      conflict: 'factor',
      when: `exists (select 1 from mail_uses x join login_receipts r
        on r.organization_id = '' and r.transaction_id = 'code:' || x.code)`,
    },
  ],
  writes: {
    spent_codes: `insert into login_receipts (organization_id, transaction_id, expires_at)
      select '', 'code:' || x.code, :at + interval '1 day' from go, mail_uses x`,
    mailed_factors: `update factors f set last_used_at = :at from mail_uses x
      where exists (select 1 from go) and f.user_id = :user and f.id = x.id`,
  },
};

/**
 * The passkey that proved the account. Attack: a passkey that its owner has just deleted signs in once more, by a proof
 * that the browser kept.
 */
const PROVED_PASSKEY: Part = {
  name: 'proved-passkey',
  types: { passkey: 'text' },
  values: ({ relyAccount: rely }) => (rely?.passkeyId === undefined ? undefined : { passkey: rely.passkeyId }),
  reads: {
    passkey_now: 'select 1 from factors where user_id = :user and id = :passkey and confirmed_at is not null for share',
  },
  checks: [{ conflict: 'factor', when: 'not exists (select 1 from passkey_now)' }],
};

function toRow(factor: NewFactor, userId: string, box: SecretBox) {
  const { id, kind, name, secret, lastStep, codeHash, credential } = factor;
  const { id: credentialId, publicKey, signCount, userHandle, ...more } = credential ?? {};
  return {
    id,
    kind,
    name,
    secret: secret && sealFactorSecret(box, userId, id, secret).toString('hex'),
    last_step: lastStep,
    code_hash: codeHash?.toString('hex'),
    credential_id: credentialId,
    public_key: publicKey && Buffer.from(publicKey).toString('hex'),
    sign_count: signCount,
    user_handle: userHandle,
    credential: credential && more,
  };
}

/** Returns who vouches for a factor that this login sets up, as far as the plan knows; else the stored voucher counts. */
function voucherOf({ password, provesPassword, bind, newUser }: AnyPlan): string | undefined {
  if (provesPassword !== undefined) return 'mail';
  if (newUser && password) return password.vouchedBy;
  return bind && (bind.emailVouchedBy ?? 'idp');
}

/**
 * Factors that the person sets up. `vouched_by` is that of the password or identity with which they signed in: what a
 * stranger set up before the owner came is deleted like their password (docs/linking-rule.md, part 10).
 */
const ENROLLED: Part = {
  name: 'enrolled',
  types: { enrolled: 'jsonb', factor_vouched_by: 'text' },
  values: (plan, box) =>
    plan.factors?.enrolled?.length
      ? {
          enrolled: plan.factors.enrolled.map((factor) => toRow(factor, plan.userId, box)),
          factor_vouched_by: voucherOf(plan),
        }
      : undefined,
  writes: {
    enrolled_factors: `insert into factors (user_id, id, kind, name, secret_sealed, last_step, code_hash, credential_id, public_key,
        sign_count, user_handle, credential, vouched_by, created_at, confirmed_at, last_used_at)
      select :user, x.id, x.kind, x.name, decode(x.secret, 'hex'), x.last_step, decode(x.code_hash, 'hex'), x.credential_id,
        decode(x.public_key, 'hex'), x.sign_count, x.user_handle, x.credential,
        coalesce(:factor_vouched_by,
          (select p.vouched_by from password_credentials p where p.user_id = :user and p.connection_id = :connection),
          (select coalesce(i.email_vouched_by, 'idp') from identities i
            where i.user_id = :user and i.connection_id = :connection and i.status = 'bound' and i.issuer <> '' limit 1)),
        :at, :at, case when x.kind <> 'recovery-code' then :at end
      from go, jsonb_to_recordset(:enrolled) as x (id text, kind text, name text, secret text, last_step bigint, code_hash text,
        credential_id text, public_key text, sign_count bigint, user_handle text, credential jsonb)`,
  },
};

/**
 * Deletes the factors that a stranger may have set up, with the passwords that the same login deletes. Attack: somebody
 * opens an account under its owner's address, sets up a factor, and locks the owner out.
 */
const END_FACTORS: Part = {
  name: 'end-factors',
  types: { only_mailed: 'boolean', kept_factor: 'text' },
  values: ({ endPasswords, relyAccount }) =>
    endPasswords && (relyAccount?.factorsRevision ?? 0) > 0
      ? { only_mailed: endPasswords.which === 'unmailed', kept_factor: relyAccount?.passkeyId }
      : undefined,
  writes: {
    ended_factors: `delete from factors where exists (select 1 from go) and user_id = :user
      and id is distinct from :kept_factor and (vouched_by is null or :only_mailed and vouched_by <> 'mail')`,
  },
};

const FACTORS_CHANGED: Part = {
  name: 'factors-changed',
  types: {},
  values: ({ raisesFactors }) => (raisesFactors ? {} : undefined),
  sets: ['factors_revision = factors_revision + 1'],
};

/** The parts about factors, in the order of the verdict. */
export const FACTOR_PARTS: readonly Part[] = [USED, MAILED, PROVED_PASSKEY, ENROLLED, END_FACTORS, FACTORS_CHANGED];
