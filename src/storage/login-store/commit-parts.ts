/**
 * The locks, checks and writes of each field of a commit plan, in the order of the verdict. The data that a decision
 * relied on may have changed meanwhile, so it is checked again here. Decides nothing.
 *
 * Locks: connection, enablement, organization, proved domains and password FOR SHARE (many logins at once, no change
 * meanwhile); user, member, identity and session FOR NO KEY UPDATE (they are updated below: two logins of one person
 * queue instead of deadlocking).
 */
import type { SecretBox } from '../../kernel/seal.js';
import type { CommitPlan, MetadataPatch } from '../../ports/login-store.js';
import { sealJobEvent } from '../jobs/action-jobs.js';
import { groupsOf } from '../scim-group-roles.js';
import { prefixIssuer } from '../user-id-prefixes.js';
import { addressProved } from './address-proved.js';
import type { AnyPlan, Part } from './commit-statement.js';
import { domainProved, proofCountsFor } from './domain-proved.js';
import { FACTOR_PARTS } from './factor-parts.js';
import { FOLD_READS, FOLD_SET, FOLD_TYPES, foldValues, TOLD_COUNT } from './fold-parts.js';

const EVERY: Part = {
  name: 'every',
  types: {
    at: 'timestamptz',
    now: 'timestamptz',
    transaction: 'text',
    client: 'text',
    organization: 'text',
    connection: 'text',
    user: 'text',
    ip: 'text',
  },
  values: (plan, _box, now) => ({
    at: plan.at,
    now,
    transaction: plan.transactionId,
    client: plan.clientId,
    organization: plan.organizationId,
    connection: plan.connectionId,
    user: plan.userId,
    ip: plan.ip,
  }),
};

/** A callback URL that was removed from the client meanwhile gets no code (open redirect). */
const CALLBACK: Part = {
  name: 'callback',
  types: { redirect_uri: 'text' },
  values: ({ code }) => code && { redirect_uri: code.redirectUri },
  checks: [
    {
      conflict: 'callback',
      when: 'not exists (select 1 from clients where client_id = :client and :redirect_uri = any (callbacks))',
    },
  ],
};

const CONNECTION_NOW = {
  connection_now:
    'select revision, needs_organization, managed_by_organization from connections where id = :connection for share',
};

const CONNECTION: Part = {
  name: 'connection',
  types: { fingerprint: 'text' },
  values: (plan) => (plan.organizationId === undefined ? { fingerprint: plan.relyFingerprint } : undefined),
  reads: CONNECTION_NOW,
  checks: [
    { conflict: 'connection', when: "(select revision from connection_now) || '.-' is distinct from :fingerprint" },
  ],
};

const ORGANIZATION: Part = {
  name: 'organization',
  types: { fingerprint: 'text', rely_second_factor: 'text' },
  values: ({ organizationId, relyFingerprint, relySecondFactor: rely }) =>
    organizationId === undefined
      ? undefined
      : { fingerprint: relyFingerprint, rely_second_factor: rely && [rely.rule, ...rely.accepts].join(' ') },
  reads: {
    ...CONNECTION_NOW,
    enablement_now: `select revision from organization_connections
      where organization_id = :organization and connection_id = :connection and is_enabled for share`,
    organization_now:
      "select blocked, is_app_entitlement_active as limits, mfa, array_to_string(mfa || mfa_factors, ' ') as asks from organizations where id = :organization for share",
  },
  checks: [
    {
      conflict: 'connection',
      when: "(select revision from connection_now) || '.' || (select revision from enablement_now) is distinct from :fingerprint",
    },
    { conflict: 'organization', when: '(select blocked from organization_now) is distinct from false' },
    {
      // Attack: a login that began before the organization asked for a second factor is finished without one.
      conflict: 'organization',
      when: "(select case when mfa <> 'none' then asks end from organization_now) is distinct from :rely_second_factor",
    },
    {
      // The writes that limit the applications renew the revisions, and this finds what they did not see: two at once.
      conflict: 'organization',
      when: `(select limits from organization_now) and not exists (select 1 from organization_clients
        where organization_id = :organization and client_id = :client and use_for_member_access)`,
    },
  ],
};

/** Part 8 of the linking rule: a login without an organization needs a company's connection that never served one. */
const UNSERVED: Part = {
  name: 'unserved',
  types: {},
  values: (plan) => (plan.relyUnserved ? {} : undefined),
  checks: [
    {
      conflict: 'connection',
      when: `(select needs_organization or managed_by_organization is not null from connection_now)
        or exists (select 1 from organization_connections where connection_id = :connection and is_enabled)`,
    },
  ],
};

const DOMAINS: Part = {
  name: 'domains',
  types: { domains: 'text[]' },
  values: ({ relyProvedDomains: domains }) => (domains.length > 0 ? { domains } : undefined),
  reads: {
    domains_now: `select domain from discovery_domains d
      where organization_id = :organization and ${domainProved('d', ':now')} and domain = any (:domains)
        and exists (select 1 from connection_now c where ${proofCountsFor('d', 'c')}) for share`,
  },
  checks: [{ conflict: 'domain', when: '(select count(*) from domains_now) <> cardinality(:domains)' }],
};

const UNCLAIMED: Part = {
  name: 'unclaimed',
  types: { unclaimed_domain: 'text' },
  values: ({ relyUnclaimedDomain: domain }) => (domain === undefined ? undefined : { unclaimed_domain: domain }),
  checks: [
    {
      conflict: 'domain',
      when: `exists (select 1 from discovery_domains d where domain = :unclaimed_domain and ${domainProved('d', ':now')}
        and organization_id is distinct from :organization)`,
    },
  ],
};

const ACCOUNT: Part = {
  name: 'account',
  types: {
    rely_email: 'text',
    rely_address_proved: 'boolean',
    rely_member: 'boolean',
    rely_break_glass: 'boolean',
    rely_no_others: 'boolean',
    rely_factors: 'bigint',
  },
  values: ({ relyAccount: rely }) =>
    rely && {
      rely_email: rely.email,
      rely_address_proved: rely.addressProved,
      rely_member: rely.member,
      rely_break_glass: rely.breakGlass,
      rely_no_others: rely.noOtherOrganizations,
      rely_factors: rely.factorsRevision,
    },
  reads: {
    user_now:
      'select user_id, email, email_vouched_by, blocked, factors_revision from users where user_id = :user for no key update',
    member_now:
      'select break_glass from members where organization_id = :organization and user_id = :user for no key update',
  },
  checks: [
    { conflict: 'account', when: '(select blocked from user_now) is distinct from false' },
    { conflict: 'address', when: '(select email from user_now) is distinct from :rely_email' },
    {
      conflict: 'address',
      when: `(select ${addressProved('u', ':organization', ':now')} from user_now u) <> :rely_address_proved`,
    },
    { conflict: 'factors', when: '(select factors_revision from user_now) <> :rely_factors' },
    { conflict: 'membership', when: 'exists (select 1 from member_now) <> :rely_member' },
    { conflict: 'membership', when: ':rely_break_glass and not (select break_glass from member_now)' },
    {
      conflict: 'other_organizations',
      when: `:rely_no_others and exists (
        select 1 from members where user_id = :user and organization_id is distinct from :organization)`,
    },
  ],
};

/**
 * Checks that the person may still sign in through this connection, for the logins that no other part checks: one that
 * binds an identity, and one that creates a session from an earlier proof (existing sessions are revoked together with
 * the access). Stops a person whom the company's SCIM deactivates between step 3 and the commit, and one who would bind
 * by an address an account that an operator meanwhile reserves for another subject.
 */
const WAY_IN: Part = {
  name: 'way-in',
  types: { takes: 'text' },
  values: ({ relyAccount: rely, refreshIdentity, session, bind }) =>
    rely && rely.passwordHash === undefined && !refreshIdentity && session?.kind !== 'existing'
      ? { takes: bind?.replacesExpected === undefined ? bind?.subject : undefined }
      : undefined,
  reads: {
    ways_now: `select scim_inactive, status, subject from identities
      where user_id = :user and connection_id = :connection for no key update`,
  },
  checks: [
    { conflict: 'identity', when: 'exists (select 1 from ways_now where scim_inactive)' },
    {
      conflict: 'identity',
      when: "exists (select 1 from ways_now where status = 'expected' and subject <> :takes)",
    },
  ],
};

/**
 * The identity that this login binds: an expected one, or one whose person proves the account again. If it is missing,
 * the operator has withdrawn it.
 */
const EXPECTED: Part = {
  name: 'expected',
  types: { replaces: 'text' },
  values: ({ bind }) => (bind?.replacesExpected === undefined ? undefined : { replaces: bind.replacesExpected }),
  reads: {
    expected_now: `select 1 from identities where user_id = :user and (status = 'expected' or prove_again) and id = :replaces
      and not scim_inactive for no key update`,
  },
  checks: [{ conflict: 'identity', when: 'not exists (select 1 from expected_now)' }],
};

/**
 * Auto-membership that a group of the company's directory decided. The rows are locked: a concurrent request that
 * removes the person from a group is either seen, or runs afterwards.
 */
const GROUPS: Part = {
  name: 'groups',
  types: { scim_subject: 'text', scim_issuer: 'text', scim_groups: 'text[]' },
  values: ({ relyScimGroups: rely }) =>
    rely && { scim_subject: rely.subject, scim_issuer: rely.issuer, scim_groups: [...rely.names].sort() },
  reads: {
    groups_now: `${groupsOf(':connection', ':scim_issuer', ':scim_subject')} for share of p, g`,
  },
  checks: [
    {
      conflict: 'groups',
      when: `(select coalesce(array_agg(display_name order by display_name collate "C"), '{}') from groups_now) is distinct from :scim_groups`,
    },
  ],
};

/**
 * The identity of this sign-in. If it is the account's primary one, the account adopts the identity provider's values.
 */
const REFRESH: Part = {
  name: 'refresh',
  types: {
    known_connection: 'text',
    known_subject: 'text',
    said: 'jsonb',
    said_email: 'text',
    said_vouched_by: 'text',
    said_before: 'boolean',
    said_name: 'text',
    said_given_name: 'text',
    said_family_name: 'text',
    said_nickname: 'text',
    said_picture: 'text',
    vouch: 'text',
  },
  values: ({ refreshIdentity: known, vouchForEmail }) =>
    known && {
      known_connection: known.connectionId,
      known_subject: known.subject,
      said: known.data,
      said_email: known.vouchedEmail,
      said_vouched_by: known.emailVouchedBy === 'as_before' ? undefined : known.emailVouchedBy,
      said_before: known.emailVouchedBy === 'as_before',
      said_name: known.profile.name,
      said_given_name: known.profile.givenName,
      said_family_name: known.profile.familyName,
      said_nickname: known.profile.nickname,
      said_picture: known.profile.picture,
      vouch: vouchForEmail,
    },
  reads: {
    identity_now: `select is_primary from identities where user_id = :user and status = 'bound'
      and connection_id = :known_connection and subject = :known_subject and not scim_inactive for no key update`,
  },
  checks: [{ conflict: 'identity', when: 'not exists (select 1 from identity_now)' }],
  writes: {
    refreshed: `update identities set profile = :said, email_vouched_by = case when not :said_before then :said_vouched_by
        when profile ->> 'email' = :said ->> 'email' then email_vouched_by end
      where exists (select 1 from go) and user_id = :user and status = 'bound' and connection_id = :known_connection
        and subject = :known_subject and (profile is distinct from :said or (not :said_before and email_vouched_by is distinct from :said_vouched_by))`,
    followed: 'select 1 from identity_now where is_primary',
  },
  sets: [
    // an address proved by a mailed code or link stays proved when the IdP gives the same address again
    `email_vouched_by = case
      when exists (select 1 from followed) and :said_email <> coalesce(email, '') then :said_vouched_by
      when :vouch is not null then :vouch
      when :said_email is null or not exists (select 1 from followed) or email_vouched_by in ('mail', 'operator') then email_vouched_by
      else coalesce(:said_vouched_by, email_vouched_by) end`,
    ...['email', 'name', 'given_name', 'family_name', 'nickname', 'picture'].map(
      (column) =>
        `${column} = case when exists (select 1 from followed) then coalesce(:said_${column}, ${column}) else ${column} end`,
    ),
  ],
};

const VOUCH: Part = {
  name: 'vouch',
  types: { vouch: 'text' },
  values: ({ vouchForEmail, refreshIdentity }) =>
    vouchForEmail === undefined || refreshIdentity ? undefined : { vouch: vouchForEmail },
  sets: ['email_vouched_by = :vouch'],
};

const PROVED_PASSWORD: Part = {
  name: 'proved-password',
  types: { proved_hash: 'text' },
  values: ({ relyAccount: rely }) =>
    rely?.passwordHash === undefined ? undefined : { proved_hash: rely.passwordHash },
  reads: {
    password_now: 'select 1 from password_credentials where user_id = :user and hash = :proved_hash for share',
  },
  checks: [{ conflict: 'password', when: 'not exists (select 1 from password_now)' }],
};

const INVITATION: Part = {
  name: 'invitation',
  types: { invitation: 'text' },
  values: ({ consumeInvitationId: invitation }) => (invitation === undefined ? undefined : { invitation }),
  claims: {
    consumed: `update invitations set consumed_at = :at, consumed_by = :user
      where exists (select 1 from ok) and organization_id = :organization and id = :invitation
        and consumed_at is null and expires_at > :at returning 1`,
  },
};

const NEW_USER: Part = {
  name: 'new-user',
  types: {
    finishes: 'boolean',
    new_email: 'text',
    new_vouched_by: 'text',
    new_name: 'text',
    new_given_name: 'text',
    new_family_name: 'text',
    new_nickname: 'text',
    new_picture: 'text',
    new_user_metadata: 'jsonb',
    new_app_metadata: 'jsonb',
    new_factors: 'bigint',
  },
  values: ({ newUser, code, factors }) =>
    newUser && {
      finishes: code !== undefined,
      new_email: newUser.email,
      new_vouched_by: newUser.emailVouchedBy,
      new_name: newUser.profile.name,
      new_given_name: newUser.profile.givenName,
      new_family_name: newUser.profile.familyName,
      new_nickname: newUser.profile.nickname,
      new_picture: newUser.profile.picture,
      new_user_metadata: newUser.userMetadata,
      new_app_metadata: newUser.appMetadata,
      new_factors: factors?.enrolled?.length ? 1 : 0,
    },
  writes: {
    created_user: `insert into users (user_id, email, email_vouched_by, name, given_name, family_name, nickname, picture,
        user_metadata, app_metadata, factors_revision, logins_count, last_login_at, last_ip, created_at, updated_at)
      select :user, :new_email, :new_vouched_by, :new_name, :new_given_name, :new_family_name, :new_nickname, :new_picture,
        :new_user_metadata, :new_app_metadata, :new_factors, :finishes::integer, case when :finishes then :at end, :ip, :at, :at from go`,
  },
};

const ID_PREFIX: Part = {
  name: 'id-prefix',
  types: { id_prefix: 'text', id_issuer: 'text' },
  values: ({ newUser }) =>
    newUser?.newIdPrefix && { id_prefix: newUser.newIdPrefix.text, id_issuer: newUser.newIdPrefix.issuer },
  writes: {
    named_prefix: `insert into user_id_prefixes (connection_id, issuer, prefix, created_at)
      select :connection, ${prefixIssuer(':id_issuer')}, :id_prefix, :at from go`,
  },
};

/** The columns that every login updates in an existing account. */
const TOUCHED: Part = {
  name: 'touched',
  types: {},
  values: ({ newUser }) => (newUser ? undefined : {}),
  sets: ['last_ip = :ip', 'updated_at = :at'],
};

const COUNTED: Part = {
  name: 'counted',
  types: {},
  values: ({ newUser, code }) => (newUser || code === undefined ? undefined : {}),
  sets: ['logins_count = logins_count + 1', 'last_login_at = :at'],
};

const metadataSet = (column: string): string => `${column} = (${column} || :set_${column}) - :drop_${column}`;

/**
 * Writes what Actions changed of one kind of metadata. A column without a change is left out: to write it again, even
 * with the same value, would renew its index.
 */
function metadataPart(
  column: 'user_metadata' | 'app_metadata',
  patchOf: (plan: AnyPlan) => MetadataPatch | undefined,
): Part {
  return {
    name: column,
    types: { [`set_${column}`]: 'jsonb', [`drop_${column}`]: 'text[]' },
    values: (plan) => {
      const patch = plan.newUser ? undefined : patchOf(plan);
      if (patch === undefined || (patch.remove.length === 0 && Object.keys(patch.set).length === 0)) return undefined;
      return { [`set_${column}`]: patch.set, [`drop_${column}`]: patch.remove };
    },
    sets: [metadataSet(column)],
  };
}

const USER_METADATA = metadataPart('user_metadata', ({ actions }) => actions?.userMetadata);
const APP_METADATA = metadataPart('app_metadata', ({ actions }) => actions?.appMetadata);

const BIND_TYPES = {
  bind_id: 'text',
  bind_connection: 'text',
  bind_issuer: 'text',
  bind_subject: 'text',
  bind_profile: 'jsonb',
  bind_vouched_by: 'text',
  bind_rule: 'text',
  bind_evidence: 'jsonb',
} as const;

function bindValues(bind: NonNullable<CommitPlan['bind']>) {
  return {
    bind_id: bind.identityId,
    bind_connection: bind.connectionId,
    bind_issuer: bind.issuer,
    bind_subject: bind.subject,
    bind_profile: bind.profile,
    bind_vouched_by: bind.emailVouchedBy,
    bind_rule: bind.rule,
    bind_evidence: bind.evidence,
  };
}

const newBinding = (isPrimary: 'true' | 'false') => ({
  bound: `insert into identities (user_id, id, connection_id, status, issuer, subject, profile, email_vouched_by, bound_by,
      evidence, created_at, bound_at, is_primary)
    select :user, :bind_id, :bind_connection, 'bound', :bind_issuer, :bind_subject, :bind_profile, :bind_vouched_by,
      :bind_rule, :bind_evidence, :at, :at, ${isPrimary} from go`,
});

/** The primary identity of an account that this login creates. */
const FIRST_IDENTITY: Part = {
  name: 'first-identity',
  types: BIND_TYPES,
  values: ({ bind, newUser }) => (bind && newUser ? bindValues(bind) : undefined),
  writes: newBinding('true'),
};

const FURTHER_IDENTITY: Part = {
  name: 'further-identity',
  types: BIND_TYPES,
  values: ({ bind, newUser }) =>
    bind && !newUser && bind.replacesExpected === undefined ? bindValues(bind) : undefined,
  writes: newBinding('false'),
};

/**
 * Updates the row in place, which keeps its data: whether it is primary, the resource that SCIM wrote, and the groups
 * of the directory, which SCIM may change at this moment.
 */
const EXPECTED_IDENTITY: Part = {
  name: 'expected-identity',
  types: BIND_TYPES,
  values: ({ bind, newUser }) =>
    bind && !newUser && bind.replacesExpected !== undefined ? bindValues(bind) : undefined,
  writes: {
    bound: `update identities set id = :bind_id, connection_id = :bind_connection, status = 'bound', issuer = :bind_issuer,
        subject = :bind_subject, expected_email = null, profile = :bind_profile, email_vouched_by = :bind_vouched_by,
        bound_by = :bind_rule, evidence = :bind_evidence, created_at = :at, bound_at = :at, prove_again = false
      where exists (select 1 from go) and user_id = :user and id = :replaces`,
  },
};

/** True when the person typed the account's password, and passed or set up another factor than a mail. */
const confirmsPassword = ({ relyAccount, factors }: Pick<AnyPlan, 'relyAccount' | 'factors'>): boolean =>
  relyAccount?.passwordHash !== undefined &&
  (Boolean(factors?.enrolled?.length) || Boolean(factors?.used?.some(({ mailed }) => mailed === undefined)));

const PASSWORD: Part = {
  name: 'password',
  types: {
    password_connection: 'text',
    password_email: 'text',
    password_hash: 'text',
    password_vouched_by: 'text',
    password_confirmed: 'boolean',
  },
  values: ({ password, provesPassword, ...plan }) =>
    password && {
      password_confirmed: confirmsPassword(plan),
      password_connection: password.connectionId,
      password_email: password.email,
      password_hash: password.hash,
      password_vouched_by: provesPassword === password.connectionId ? 'mail' : password.vouchedBy,
    },
  writes: {
    stored_password: `insert into password_credentials (user_id, connection_id, email, hash, changed_at, vouched_by)
      select :user, :password_connection, :password_email, :password_hash, :at, :password_vouched_by from go
      on conflict (user_id, connection_id) do update set hash = excluded.hash,
        set_by_link = password_credentials.set_by_link and not :password_confirmed,
        vouched_by = coalesce(excluded.vouched_by, password_credentials.vouched_by)`,
  },
};

/**
 * Marks the password as proved by mail. A plan with a better hash sets the voucher there: a statement can change a row
 * only once.
 */
const PROVE_PASSWORD: Part = {
  name: 'prove-password',
  types: { proved_connection: 'text', password_confirmed: 'boolean' },
  values: ({ provesPassword, password, ...plan }) =>
    provesPassword === undefined || password
      ? undefined
      : { proved_connection: provesPassword, password_confirmed: confirmsPassword(plan) },
  writes: {
    proved_password: `update password_credentials set vouched_by = 'mail', set_by_link = set_by_link and not :password_confirmed
      where exists (select 1 from go) and user_id = :user and connection_id = :proved_connection`,
  },
};

/**
 * Marks the password of this login as its owner's, after another factor than a mail was passed with it. A plan that
 * writes the password for another reason does it there: a statement can change a row only once.
 */
const CONFIRM_PASSWORD: Part = {
  name: 'confirm-password',
  types: {},
  values: ({ provesPassword, password, ...plan }) =>
    provesPassword === undefined && !password && confirmsPassword(plan) ? {} : undefined,
  writes: {
    confirmed_password: `update password_credentials set set_by_link = false
      where exists (select 1 from go) and user_id = :user and hash = :proved_hash and set_by_link`,
  },
};

/**
 * Disables passwords of the account that nobody vouches for; with `only_mailed`, also those that were not vouched for
 * by mail (linking rule, part 10). Attack: somebody opened the account under its owner's address and waits for the
 * owner to come. This statement reads the vouchers itself, so that it also judges a password set a moment ago.
 */
const END_PASSWORDS: Part = {
  name: 'end-passwords',
  types: { kept_password: 'text', only_mailed: 'boolean' },
  values: ({ endPasswords }) =>
    endPasswords && { kept_password: endPasswords.keep, only_mailed: endPasswords.which === 'unmailed' },
  writes: {
    // '!' is not a valid hash: no password matches it, and the account can still ask for a new password
    ended_passwords: `update password_credentials set hash = '!', vouched_by = null, changed_at = :at
      where exists (select 1 from go) and user_id = :user and connection_id is distinct from :kept_password and hash <> '!'
        and (vouched_by is null or :only_mailed and vouched_by <> 'mail') returning connection_id`,
  },
};

/**
 * Revokes the access that a revoked password gave, unless a binding revokes all older access. This browser's session
 * remains.
 */
const END_THROUGH_PASSWORDS: Part = {
  name: 'end-through-passwords',
  types: { session_hash: 'bytea' },
  values: ({ endPasswords, bind, session }) =>
    endPasswords && !bind?.revokeOlder ? { session_hash: session?.sessionHash } : undefined,
  writes: {
    ended_through_sessions: `delete from sessions where user_id = :user and session_hash is distinct from :session_hash
      and connection_id in (select connection_id from ended_passwords)`,
    ended_through_tokens: `update refresh_tokens set revoked_at = :at
      where user_id = :user and revoked_at is null and connection_id in (select connection_id from ended_passwords)`,
    ended_through_codes: `update authorization_codes set used_at = :at
      where user_id = :user and used_at is null and connection_id in (select connection_id from ended_passwords)`,
    ended_through_tickets: `update tickets set used_at = :at where user_id = :user and used_at is null
      and (purpose = 'enrollment' or purpose = 'password' and password_vouched_by is null) and exists (select 1 from go)`,
  },
};

const REVOKE_OLDER: Part = {
  name: 'revoke-older',
  types: {},
  values: ({ bind }) => (bind?.revokeOlder ? {} : undefined),
  writes: {
    ended_sessions: 'delete from sessions where exists (select 1 from go) and user_id = :user',
    ended_tokens: `update refresh_tokens set revoked_at = :at
      where exists (select 1 from go) and user_id = :user and revoked_at is null`,
    ended_codes: `update authorization_codes set used_at = :at
      where exists (select 1 from go) and user_id = :user and used_at is null`,
    ended_tickets:
      'update tickets set used_at = :at where exists (select 1 from go) and user_id = :user and used_at is null',
  },
};

const JOIN: Part = {
  name: 'join',
  types: { via: 'text', uses_membership: 'boolean', enters: 'boolean', vouched_here: 'text' },
  values: ({ membership, usesMembership, code, vouchedHere }) =>
    membership?.create
      ? { via: membership.via, uses_membership: usesMembership, enters: code !== undefined, vouched_here: vouchedHere }
      : undefined,
  writes: {
    joined: `insert into members
        (organization_id, user_id, via, first_used_at, first_login_at, last_login_at, created_at, vouched_email)
      select :organization, :user, :via, case when :uses_membership then :at end, case when :enters then :at end,
        case when :enters then :at end, :at, :vouched_here from go`,
  },
};

/**
 * A login of a member: last login, the evidence of part 7 of the linking rule if there is any, and the address that an
 * invitation vouched for, if the application delivered its link. One part, since a statement can change a row only
 * once.
 */
const ENTER: Part = {
  name: 'enter',
  types: { uses_membership: 'boolean', enters: 'boolean', vouched_here: 'text' },
  values: ({ organizationId, code, membership, usesMembership, vouchedHere }) =>
    organizationId === undefined || membership?.create || (code === undefined && vouchedHere === undefined)
      ? undefined
      : { uses_membership: usesMembership, enters: code !== undefined, vouched_here: vouchedHere },
  writes: {
    entered: `update members set
        first_login_at = case when :enters then coalesce(first_login_at, :at) else first_login_at end,
        last_login_at = case when :enters then :at else last_login_at end,
        first_used_at = case when :uses_membership then coalesce(first_used_at, :at) else first_used_at end,
        vouched_email = coalesce(:vouched_here, vouched_email)
      where exists (select 1 from go) and organization_id = :organization and user_id = :user`,
  },
};

/** The roles of a membership. An Action may also give roles by name. */
const ROLES: Part = {
  name: 'roles',
  types: { roles: 'text[]', by_name: 'boolean' },
  values: ({ membership }) =>
    membership && membership.roles.length > 0
      ? { roles: membership.roles, by_name: membership.via === 'action' }
      : undefined,
  writes: {
    granted: `insert into member_roles (organization_id, user_id, role_id)
      select :organization, :user, r.id from go, (
        select id from roles where id = any (:roles)
        union select id from roles where :by_name and name = any (:roles)) r on conflict do nothing`,
  },
};

type NewSession = Extract<CommitPlan['session'], { readonly kind: 'new' }>;
const newSession = ({ session }: AnyPlan): NewSession | undefined => (session?.kind === 'new' ? session : undefined);

const REPLACED_SESSION: Part = {
  name: 'replaced-session',
  types: { replaced_user: 'text', replaced_hash: 'bytea' },
  values: (plan) => {
    const replaces = newSession(plan)?.replaces;
    return replaces && { replaced_user: replaces.userId, replaced_hash: replaces.sessionHash };
  },
  writes: {
    replaced_session: `delete from sessions
      where exists (select 1 from go) and user_id = :replaced_user and session_hash = :replaced_hash`,
  },
};

const SESSION_TYPES = {
  session_id: 'text',
  session_hash: 'bytea',
  session_ends_by: 'timestamptz',
  session_idles_by: 'timestamptz',
  session_methods: 'jsonb',
  set_session_metadata: 'jsonb',
} as const;

/** `signedInAt`: of a new session, which records that a passkey opened it. A kept session says so already. */
function sessionWishes({ actions, factors, relyAccount }: AnyPlan, signedInAt?: Date) {
  const byPasskey = signedInAt !== undefined && relyAccount?.passkeyId !== undefined;
  const own = byPasskey ? [{ name: 'passkey', timestamp: signedInAt }] : [];
  return {
    session_ends_by: actions?.sessionExpiresAt,
    session_idles_by: actions?.sessionIdleExpiresAt,
    session_methods: [...own, ...(actions?.sessionMethods ?? []), ...(factors?.passed ? [factors.passed] : [])],
    set_session_metadata: actions?.sessionMetadata.set ?? {},
  };
}

const NEW_SESSION: Part = {
  name: 'new-session',
  types: { ...SESSION_TYPES, authenticated_at: 'timestamptz', session_expires_at: 'timestamptz', idp_session: 'jsonb' },
  values: (plan) => {
    const session = newSession(plan);
    return (
      session && {
        ...sessionWishes(plan, session.authenticatedAt),
        session_id: session.sessionId,
        session_hash: session.sessionHash,
        authenticated_at: session.authenticatedAt,
        session_expires_at: session.expiresAt,
        idp_session: session.idpSession,
      }
    );
  },
  writes: {
    opened_session: `insert into sessions (user_id, session_hash, id, connection_id, authenticated_at, created_at, last_used_at,
        expires_at, idle_expires_at, metadata, methods, idp_session)
      select :user, :session_hash, :session_id, :connection, :authenticated_at, :at, :at,
        least(:session_expires_at, :session_ends_by), :session_idles_by, :set_session_metadata, :session_methods, :idp_session from go`,
  },
};

/** Returns the update of a kept session. `more` are further assignments. */
function keepSession(more: string): string {
  return `update sessions set last_used_at = :at,
        methods = (select coalesce(jsonb_agg(m), '[]') from jsonb_array_elements(methods) m where not exists (
          select 1 from jsonb_array_elements(:session_methods) n where n ->> 'name' = m ->> 'name')) || :session_methods,
        expires_at = least(expires_at, :session_ends_by), idle_expires_at = :session_idles_by,
        metadata = (metadata || :set_session_metadata) - :drop_session_metadata${more}
      where exists (select 1 from go) and user_id = :user and session_hash = :session_hash`;
}

function keptSession(plan: AnyPlan) {
  const { session, actions } = plan;
  if (session?.kind !== 'existing') return undefined;
  return {
    ...sessionWishes(plan),
    session_id: session.sessionId,
    session_hash: session.sessionHash,
    drop_session_metadata: actions?.sessionMetadata.remove ?? [],
  };
}

const KEPT_SESSION: Part = {
  name: 'kept-session',
  types: { ...SESSION_TYPES, drop_session_metadata: 'text[]' },
  values: (plan) => (plan.fold === undefined ? keptSession(plan) : undefined),
  reads: {
    session_now: `select repeats from sessions where user_id = :user and session_hash = :session_hash and expires_at > :at for no key update`,
  },
  checks: [{ conflict: 'session', when: 'not exists (select 1 from session_now)' }],
  writes: { kept_session: keepSession('') },
};

/** A kept session whose sign-in may be folded into the log line of the one before. */
const FOLDED_SESSION: Part = {
  ...KEPT_SESSION,
  name: 'folded-session',
  types: { ...KEPT_SESSION.types, ...FOLD_TYPES },
  values: (plan) => {
    const fold = foldValues(plan);
    return fold && { ...keptSession(plan), ...fold };
  },
  reads: { ...KEPT_SESSION.reads, ...FOLD_READS },
  writes: { kept_session: keepSession(FOLD_SET) },
};

/** The code that finishes a login: once for each transaction of a browser. */
const CODE: Part = {
  name: 'code',
  types: {
    session_id: 'text',
    code_hash: 'bytea',
    redirect_uri_sent: 'boolean',
    scope: 'text',
    audience: 'text',
    nonce: 'text',
    code_challenge: 'text',
    signed_in_at: 'timestamptz',
    code_expires_at: 'timestamptz',
    family: 'text',
    token_wishes: 'jsonb',
    factor_passed: 'boolean',
  },
  values: ({ code, session, actions }) =>
    code && {
      session_id: session?.sessionId,
      code_hash: code.codeHash,
      redirect_uri_sent: code.redirectUriSent,
      scope: code.scope,
      audience: code.audience,
      nonce: code.nonce,
      code_challenge: code.codeChallenge,
      signed_in_at: code.authenticatedAt,
      code_expires_at: code.expiresAt,
      family: code.familyId,
      token_wishes: actions?.tokens,
      factor_passed: code.factorPassed,
    },
  writes: {
    receipt: `insert into login_receipts (organization_id, transaction_id, expires_at)
      select coalesce(:organization, ''), :transaction, :at + interval '1 day' from go`,
    issued_code: `insert into authorization_codes (user_id, code_hash, client_id, organization_id, session_id, redirect_uri, scope, audience,
        nonce, code_challenge, authenticated_at, connection_id, created_at, expires_at, family_id, actions, redirect_uri_sent, factor_passed)
      select :user, :code_hash, :client, :organization, :session_id, :redirect_uri, :scope, :audience,
        :nonce, :code_challenge, :signed_in_at, :connection, :at, :code_expires_at, :family, :token_wishes, :redirect_uri_sent, :factor_passed from go`,
  },
};

/** An application that wants to be told when the session ends. */
const SESSION_CLIENT: Part = {
  name: 'session-client',
  types: {},
  values: (plan) => (plan.tellsOfLogout && newSession(plan)?.replaces === undefined ? {} : undefined),
  writes: {
    told_of_logout: `insert into session_clients (user_id, session_id, client_id, organization_id)
      select :user, :session_id, :client, :organization from go
      on conflict (user_id, session_id, client_id) do update set organization_id = excluded.organization_id`,
  },
};

/**
 * The same in a browser whose session this login replaces. If it was this person's, the application goes over to the new
 * session. Otherwise it would be told of the old one's end just after this sign-in, and some SDKs then forget the user.
 */
const SESSION_CLIENT_AGAIN: Part = {
  name: 'session-client-again',
  types: { replaced_user: 'text', replaced_hash: 'bytea' },
  values: (plan) => (plan.tellsOfLogout && newSession(plan)?.replaces !== undefined ? {} : undefined),
  // Locks the session before its clients, as every statement that ends it does.
  reads: {
    replaced_now: 'select id from sessions where user_id = :replaced_user and session_hash = :replaced_hash for update',
  },
  writes: {
    moved_client: `update session_clients c set session_id = :session_id, organization_id = :organization
      from go, replaced_now s where c.user_id = :user and c.session_id = s.id and c.client_id = :client returning 1`,
    told_of_logout: `insert into session_clients (user_id, session_id, client_id, organization_id)
      select :user, :session_id, :client, :organization from go where not exists (select 1 from moved_client)`,
  },
};

const logRows = ({ log }: AnyPlan) =>
  log.map((entry) => ({
    organization_id: entry.organizationId,
    log_id: entry.logId,
    date: entry.date,
    type: entry.type,
    description: entry.description,
    client_id: entry.clientId,
    user_id: entry.userId,
    connection_id: entry.connectionId,
    ip: entry.ip,
    user_agent: entry.userAgent,
    details: entry.details,
  }));

/** Inserts the plan's log lines, from `source`. */
const appendTo = (source: string) =>
  `insert into logs (organization_id, log_id, date, type, description, client_id, user_id, connection_id, ip, user_agent, details)
      select coalesce(x.organization_id, ''), x.log_id, x.date, x.type, x.description, x.client_id, x.user_id, x.connection_id, x.ip,
        x.user_agent, x.details
      from ${source}, jsonb_to_recordset(:log) as x (organization_id text, log_id text, date timestamptz, type text, description text,
        client_id text, user_id text, connection_id text, ip text, user_agent text, details jsonb)`;

const LOG: Part = {
  name: 'log',
  types: { log: 'jsonb' },
  values: (plan) => (plan.log.length === 0 || plan.fold !== undefined ? undefined : { log: logRows(plan) }),
  writes: { logged: appendTo('go') },
};

/** The line of a sign-in that is not folded into the one before. */
const UNFOLDED_LOG: Part = {
  ...LOG,
  name: 'unfolded-log',
  values: (plan) => plan.fold && { log: logRows(plan) },
  writes: { logged: `${appendTo('go, fold_now f')} where not f.folds` },
};

const MAIL: Part = {
  name: 'mail',
  types: { mail: 'jsonb' },
  values: ({ mail }, box) =>
    mail.length === 0
      ? undefined
      : {
          mail: mail.map(({ id, to, template, model }) => ({
            id,
            recipient: to,
            template,
            body: box.seal(JSON.stringify(model), `outbox:${id}`).toString('hex'),
          })),
        },
  writes: {
    mailed: `insert into outbox (id, recipient, template, body_sealed, created_at, next_attempt_at)
      select x.id, x.recipient, x.template, decode(x.body, 'hex'), :at, :at
      from go, jsonb_to_recordset(:mail) as x (id text, recipient text, template text, body text)`,
  },
};

function jobRows({ jobs = [] }: AnyPlan, box: SecretBox) {
  return jobs.map((job) => ({ id: job.id, trigger: job.trigger, event: sealJobEvent(box, job).toString('hex') }));
}

const JOBS: Part = {
  name: 'jobs',
  types: { jobs: 'jsonb' },
  values: (plan, box) => (plan.jobs?.length ? { jobs: jobRows(plan, box) } : undefined),
  writes: {
    queued: `insert into action_jobs (id, trigger, organization_id, event_sealed, created_at, next_attempt_at)
      select x.id, x.trigger, :organization, decode(x.event, 'hex'), :at, :at
      from go, jsonb_to_recordset(:jobs) as x (id text, trigger text, event text)`,
  },
};

/** The parts of a commit, in the order of the verdict: the first check that fails gives the conflict. */
export const COMMIT_PARTS: readonly Part[] = [
  EVERY,
  CALLBACK,
  CONNECTION,
  ORGANIZATION,
  UNSERVED,
  DOMAINS,
  UNCLAIMED,
  ACCOUNT,
  WAY_IN,
  EXPECTED,
  GROUPS,
  REFRESH,
  PROVED_PASSWORD,
  INVITATION,
  NEW_USER,
  ID_PREFIX,
  TOUCHED,
  COUNTED,
  USER_METADATA,
  APP_METADATA,
  VOUCH,
  FIRST_IDENTITY,
  FURTHER_IDENTITY,
  EXPECTED_IDENTITY,
  PASSWORD,
  PROVE_PASSWORD,
  CONFIRM_PASSWORD,
  ...FACTOR_PARTS,
  END_PASSWORDS,
  END_THROUGH_PASSWORDS,
  REVOKE_OLDER,
  JOIN,
  ENTER,
  ROLES,
  REPLACED_SESSION,
  NEW_SESSION,
  KEPT_SESSION,
  FOLDED_SESSION,
  CODE,
  SESSION_CLIENT,
  SESSION_CLIENT_AGAIN,
  LOG,
  UNFOLDED_LOG,
  TOLD_COUNT,
  MAIL,
  JOBS,
];
