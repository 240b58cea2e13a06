/**
 * The parts of a commit that concern second factors: the claim of the answer that the person gave, and the factors that
 * they set up. An answer counts once, on any node: its row is locked and checked again. Part of commit-parts.ts; decides
 * nothing.
 */
import type { SecretBox } from '../../kernel/seal.js';
import type { FactorWrites, NewFactor } from '../../ports/factor-writes.js';
import { sealFactorSecret } from '../factor-secrets.js';
import type { AnyPlan, Part } from './commit-statement.js';

type Use = NonNullable<FactorWrites['used']>;

const usedAs = ({ factors }: AnyPlan, fits: (use: Use) => boolean): Use | undefined =>
  factors?.used && fits(factors.used) ? factors.used : undefined;

const factorNow = (columns: string) =>
  `select ${columns} from factors where user_id = :user and id = :factor and confirmed_at is not null for no key update`;

/** A code of an authenticator app. Attack: the same code twice, also on two nodes at once. */
const APPLICATION_USED: Part = {
  name: 'application-used',
  types: { factor: 'text', factor_step: 'bigint' },
  values: (plan) => {
    const use = usedAs(plan, ({ step }) => step !== undefined);
    return use && { factor: use.id, factor_step: use.step };
  },
  reads: { factor_now: factorNow('last_step') },
  checks: [
    {
      conflict: 'factor',
      when: 'not exists (select 1 from factor_now where last_step is null or last_step < :factor_step)',
    },
  ],
  writes: {
    used_factor: `update factors set last_step = :factor_step, last_used_at = :at
      where exists (select 1 from go) and user_id = :user and id = :factor`,
  },
};

/**
 * An assertion of an authenticator. Attack: a copied key, whose counter falls behind (WebAuthn section 7.2). The copies of
 * a synced credential count each by itself.
 */
const KEY_USED: Part = {
  name: 'key-used',
  types: { factor: 'text', factor_count: 'bigint', factor_backed_up: 'boolean' },
  values: (plan) => {
    const use = usedAs(plan, ({ signCount }) => signCount !== undefined);
    return use && { factor: use.id, factor_count: use.signCount, factor_backed_up: use.backedUp ?? false };
  },
  reads: { factor_now: factorNow('sign_count, credential') },
  checks: [
    {
      conflict: 'factor',
      when: `not exists (select 1 from factor_now
        where sign_count < :factor_count or coalesce(sign_count, 0) = 0 and :factor_count = 0
          or credential ->> 'deviceType' = 'multiDevice')`,
    },
  ],
  writes: {
    used_factor: `update factors set sign_count = :factor_count, last_used_at = :at,
        credential = credential || jsonb_build_object('backedUp', :factor_backed_up)
      where exists (select 1 from go) and user_id = :user and id = :factor`,
  },
};

/** A recovery code. It is replaced at once, so it works once. */
const RECOVERY_USED: Part = {
  name: 'recovery-used',
  types: { factor: 'text', recovery_hash: 'bytea', recovery_next: 'bytea' },
  values: (plan) => {
    const use = usedAs(plan, ({ codeHash }) => codeHash !== undefined);
    return use && { factor: use.id, recovery_hash: use.codeHash, recovery_next: use.nextCodeHash };
  },
  reads: { factor_now: factorNow('code_hash') },
  checks: [{ conflict: 'factor', when: 'not exists (select 1 from factor_now where code_hash = :recovery_hash)' }],
  writes: {
    used_factor: `update factors set code_hash = :recovery_next, last_used_at = :at
      where exists (select 1 from go) and user_id = :user and id = :factor`,
  },
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
            where i.user_id = :user and i.connection_id = :connection and i.status = 'bound' limit 1)),
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
  types: { only_mailed: 'boolean' },
  values: ({ endPasswords, relyAccount }) =>
    endPasswords && (relyAccount?.factorsRevision ?? 0) > 0
      ? { only_mailed: endPasswords.which === 'unmailed' }
      : undefined,
  writes: {
    ended_factors: `delete from factors where exists (select 1 from go) and user_id = :user
      and (vouched_by is null or :only_mailed and vouched_by <> 'mail')`,
  },
};

const FACTORS_CHANGED: Part = {
  name: 'factors-changed',
  types: {},
  values: ({ raisesFactors }) => (raisesFactors ? {} : undefined),
  sets: ['factors_revision = factors_revision + 1'],
};

/** The parts about factors, in the order of the verdict. */
export const FACTOR_PARTS: readonly Part[] = [
  APPLICATION_USED,
  KEY_USED,
  RECOVERY_USED,
  ENROLLED,
  END_FACTORS,
  FACTORS_CHANGED,
];
