/** Turns a commit plan into the parameters of the one statement, and its answer into an outcome. Part of the login store. */
import type { Pool } from 'pg';
import { Fault } from '../../kernel/errors.js';
import type { SecretBox } from '../../kernel/seal.js';
import type { ActionWrites, CommitOutcome, CommitPlan, EarlyCommitPlan } from '../../ports/login-store.js';
import { sealJobEvent } from '../action-jobs.js';
import { inTransaction } from '../pool.js';
import { withinShare } from '../shares.js';
import { toStorableJson } from '../storable.js';
import { COMMIT_LOGIN } from './commit-statement.js';
import { run } from './query.js';

/** Constraints whose violation means that somebody else was first; anything else is a fault. */
const CONFLICTS: Readonly<Record<string, string>> = {
  login_receipts_pkey: 'receipt',
  // Its id was drawn before Actions were told of it, and waits in the browser while they redirect: only the same login has it again.
  sessions_by_id: 'receipt',
  identities_bound_once: 'identity',
  identities_one_per_connection: 'identity',
  users_pkey: 'account',
  user_id_prefixes_pkey: 'account',
  user_id_prefixes_prefix_key: 'account',
  members_pkey: 'membership',
  members_by_user: 'membership',
  password_credentials_connection_id_email_key: 'account',
};

type AnyPlan = CommitPlan | EarlyCommitPlan;

interface Verdict {
  readonly conflict: string | null;
  readonly done: boolean;
}

const hex = (bytes: Buffer): string => bytes.toString('hex');

function sessionJson(session: CommitPlan['session'] | undefined): Record<string, unknown> {
  if (session === undefined) return { kind: 'none' };
  const base = { kind: session.kind, id: session.sessionId, hash: hex(session.sessionHash) };
  if (session.kind === 'existing') return base;
  const { replaces } = session;
  return {
    ...base,
    authenticated_at: session.authenticatedAt,
    expires_at: session.expiresAt,
    ...(replaces && { replaces: { user_id: replaces.userId, hash: hex(replaces.sessionHash) } }),
  };
}

function newUserJson(user: CommitPlan['newUser']): Record<string, unknown>[] {
  if (user === undefined) return [];
  const { email, profile } = user;
  return [
    {
      email,
      email_vouched_by: user.emailVouchedBy,
      id_prefix: user.newIdPrefix?.text,
      id_issuer: user.newIdPrefix?.issuer,
      name: profile.name,
      given_name: profile.givenName,
      family_name: profile.familyName,
      nickname: profile.nickname,
      picture: profile.picture,
      user_metadata: user.userMetadata,
      app_metadata: user.appMetadata,
    },
  ];
}

function bindJson(bind: CommitPlan['bind']): Record<string, unknown>[] {
  if (bind === undefined) return [];
  const { identityId, connectionId, issuer, subject, profile, emailVouchedBy, rule, evidence, replacesExpected } = bind;
  return [
    {
      id: identityId,
      connection_id: connectionId,
      issuer,
      subject,
      profile,
      email_vouched_by: emailVouchedBy,
      rule,
      evidence,
      replaces: replacesExpected,
    },
  ];
}

function relyJson(rely: CommitPlan['relyAccount']): Record<string, unknown> | null {
  if (rely === undefined) return null;
  return {
    email: rely.email,
    address_proved: rely.addressProved,
    member: rely.member,
    break_glass: rely.breakGlass,
    no_others: rely.noOtherOrganizations,
    password_hash: rely.passwordHash,
  };
}

function refreshJson(refresh: CommitPlan['refreshIdentity']): Record<string, unknown>[] {
  if (refresh === undefined) return [];
  const { connectionId, subject, data, profile, vouchedEmail, emailVouchedBy } = refresh;
  return [
    {
      connection_id: connectionId,
      subject,
      data,
      email: vouchedEmail,
      email_vouched_by: emailVouchedBy,
      name: profile.name,
      given_name: profile.givenName,
      family_name: profile.familyName,
      nickname: profile.nickname,
      picture: profile.picture,
    },
  ];
}

function actionsJson(actions: ActionWrites | undefined): Record<string, unknown> {
  if (actions === undefined) return {};
  return {
    user: actions.userMetadata,
    app: actions.appMetadata,
    session: actions.sessionMetadata,
    methods: actions.sessionMethods ?? [],
    session_expires_at: actions.sessionExpiresAt,
    session_idle_expires_at: actions.sessionIdleExpiresAt,
    tokens: actions.tokens,
  };
}

function codeJson(code: CommitPlan['code'] | undefined): Record<string, unknown> {
  if (code === undefined) return {};
  return {
    hash: hex(code.codeHash),
    redirect_uri: code.redirectUri,
    redirect_uri_sent: code.redirectUriSent,
    scope: code.scope,
    audience: code.audience,
    nonce: code.nonce,
    code_challenge: code.codeChallenge,
    authenticated_at: code.authenticatedAt,
    expires_at: code.expiresAt,
    family_id: code.familyId,
  };
}

function planJson(plan: AnyPlan, box: SecretBox): Record<string, unknown> {
  return {
    domains: plan.relyProvedDomains,
    unclaimed_domain: plan.relyUnclaimedDomain,
    rely: relyJson(plan.relyAccount),
    invitation: plan.consumeInvitationId,
    new_user: newUserJson(plan.newUser),
    bind: bindJson(plan.bind),
    revoke_older: plan.bind?.revokeOlder ?? false,
    end_password: plan.bind?.endPassword ?? false,
    refresh: refreshJson(plan.refreshIdentity),
    password: plan.password
      ? [{ connection_id: plan.password.connectionId, email: plan.password.email, hash: plan.password.hash }]
      : [],
    vouch_for_email: plan.vouchForEmail,
    uses_membership: plan.usesMembership,
    unserved: plan.relyUnserved,
    membership: plan.membership ?? { create: false, roles: [] },
    session: sessionJson(plan.session),
    code: codeJson(plan.code),
    finishes: plan.code !== undefined,
    actions: actionsJson(plan.actions),
    ip: plan.ip,
    log: plan.log.map((entry) => ({
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
    })),
    mail: plan.mail.map((mail) => ({
      id: mail.id,
      recipient: mail.to,
      template: mail.template,
      body: hex(box.seal(JSON.stringify(mail.model), `outbox:${mail.id}`)),
    })),
    jobs: (plan.jobs ?? []).map((job) => ({ id: job.id, trigger: job.trigger, event: hex(sealJobEvent(box, job)) })),
  };
}

function conflictOf(error: unknown): string | undefined {
  const { code, constraint } = error as { code?: string; constraint?: string };
  if (code === '23505' && constraint !== undefined) return CONFLICTS[constraint];
  // A parent row was deleted under us (connection, client, organization, user): the ground moved.
  if (code === '23503') return 'reference';
  // Serialization failure or deadlock: nothing was written, deciding again is right.
  const cause = (error as { cause?: { code?: string } }).cause?.code;
  return cause === '40001' || cause === '40P01' ? 'concurrent' : undefined;
}

const LOCK_USER = 'select 1 from users where user_id = $1 for update';

/**
 * Runs the statement. A binding ends what its account held before (pre-hijacking), and a statement sees only what was there
 * when it began: so the account is locked first, by a statement of its own. Whoever logs in, or exchanges a code, at this
 * moment is waited for, and what he got is found and ended; whoever comes later finds it ended.
 */
function execute(pool: Pool, plan: AnyPlan, values: readonly unknown[]): Promise<Verdict[]> {
  const statement = { name: 'login-commit', text: COMMIT_LOGIN };
  if (plan.bind?.revokeOlder !== true) return run<Verdict>(pool, statement, values);
  return inTransaction(pool, async (client) => {
    await run(client, { name: 'login-lock-user', text: LOCK_USER }, [plan.userId]);
    return run<Verdict>(client, statement, values);
  });
}

const FIND_CODE = 'select 1 from authorization_codes where user_id = $1 and code_hash = $2';

/**
 * The connection may be lost after the server did it and before its answer came back. The code of this plan is nobody
 * else's, so if it is there, all of the plan is. False when it is not there, or when nobody can be asked.
 */
async function wasApplied(pool: Pool, plan: AnyPlan, error: unknown): Promise<boolean> {
  // Without a code there is nothing that is this plan's alone; the person tries again and finds himself known.
  if (plan.code === undefined) return false;
  if (!(error instanceof Fault && error.retryable)) return false;
  try {
    return (
      (await run(pool, { name: 'login-was-applied', text: FIND_CODE }, [plan.userId, plan.code.codeHash])).length > 0
    );
  } catch {
    return false;
  }
}

/** See {@link LoginCommit.apply}. */
export async function applyCommit(pool: Pool, box: SecretBox, plan: AnyPlan): Promise<CommitOutcome> {
  const values = [
    plan.at,
    plan.transactionId,
    plan.clientId,
    plan.organizationId ?? null,
    plan.connectionId,
    plan.userId,
    plan.relyFingerprint,
    toStorableJson(planJson(plan, box)),
  ];
  try {
    const rows = await withinShare(pool, plan.organizationId, () => execute(pool, plan, values));
    const [row] = rows;
    if (row?.done) return { ok: true };
    return { ok: false, conflict: row?.conflict ?? 'invitation' };
  } catch (error) {
    const conflict = conflictOf(error);
    if (conflict !== undefined) return { ok: false, conflict };
    if (await wasApplied(pool, plan, error)) return { ok: true };
    throw error;
  }
}
