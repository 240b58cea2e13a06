/**
 * Builds the jobs for Actions that run after a commit: post-user-registration v2 and post-change-password v2. The
 * commit writes the jobs; nothing runs here. Only for accounts of a database connection, as on Auth0.
 */

import type { Json, JsonObject } from '../../domain/actions/action.js';
import type { UserProfile } from '../../domain/people/account.js';
import type { Tenant } from '../../domain/tenant.js';
import { type Entropy, newSecret } from '../../kernel/ids.js';
import type { ActionGround } from '../../ports/action-ground.js';
import type { ActionJob } from '../../ports/action-jobs.js';
import type { CommitPlan } from '../../ports/login-store.js';
import type { Admitted, Attempt } from '../stages.js';
import { preRegistrationEvent, requestOf } from './action-event.js';
import { profileFields, serverOf, toEvent } from './event-parts.js';
import { type GroundedActionDeps, isBound } from './run-trigger.js';

export interface StoredUser {
  readonly userId: string;
  readonly email: string | undefined;
  readonly emailVerified: boolean;
  readonly username: string | undefined;
  readonly phoneNumber: string | undefined;
  readonly profile: UserProfile;
  readonly userMetadata: Readonly<Record<string, unknown>>;
  readonly appMetadata: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface JobConnection {
  readonly id: string;
  readonly name: string;
  readonly strategy: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

function registeredUser(user: StoredUser): Record<string, unknown> {
  return {
    user_id: user.userId,
    email: user.email,
    email_verified: user.emailVerified,
    username: user.username,
    phone_number: user.phoneNumber,
    ...profileFields(user),
    user_metadata: user.userMetadata,
    app_metadata: user.appMetadata,
    created_at: user.createdAt,
    updated_at: user.updatedAt,
  };
}

/**
 * Builds the job for an account that an administrator opens. Nobody signed up, so its event has neither request nor
 * transaction.
 */
export function registrationJob(
  account: { readonly user: StoredUser; readonly connection: JobConnection },
  origin: string,
  entropy: Entropy,
): ActionJob {
  const { id, name, strategy, metadata } = account.connection;
  const event = toEvent({
    connection: { id, name, strategy, metadata },
    tenant: { id: serverOf(origin).tenantId },
    user: registeredUser(account.user),
  });
  return { id: newSecret(entropy), trigger: 'post-user-registration', organizationId: undefined, event };
}

export interface PasswordChange {
  readonly user: Pick<StoredUser, 'userId' | 'email' | 'emailVerified' | 'username' | 'phoneNumber'>;
  readonly connection: JobConnection;
  readonly organizationId: string | undefined;
  readonly at: Date;
  readonly request: {
    readonly ip: string;
    readonly userAgent: string | undefined;
    readonly language?: string | undefined;
    readonly method: string;
  };
}

/** Builds the job for a password that its owner or an administrator replaced. */
export function passwordChangeJob(change: PasswordChange, origin: string, entropy: Entropy): ActionJob {
  const { user, connection, at, request } = change;
  const { id, name, strategy, metadata } = connection;
  const server = serverOf(origin);
  const event = toEvent({
    connection: { id, name, strategy, metadata },
    request: {
      ip: request.ip,
      user_agent: request.userAgent,
      language: request.language,
      method: request.method,
      hostname: server.hostname,
      geoip: {},
    },
    tenant: { id: server.tenantId },
    user: {
      user_id: user.userId,
      email: user.email,
      email_verified: user.emailVerified,
      username: user.username,
      phone_number: user.phoneNumber,
      last_password_reset: at,
    },
  });
  return { id: newSecret(entropy), trigger: 'post-change-password', organizationId: change.organizationId, event };
}

function newcomer(plan: Pick<CommitPlan, 'userId' | 'at'>, user: NonNullable<CommitPlan['newUser']>): StoredUser {
  const { email, profile } = user;
  return {
    userId: plan.userId,
    email,
    emailVerified: user.emailVouchedBy !== undefined,
    username: undefined,
    phoneNumber: undefined,
    profile,
    userMetadata: user.userMetadata,
    appMetadata: user.appMetadata,
    createdAt: plan.at,
    updatedAt: plan.at,
  };
}

function signUpEvent(
  plan: Pick<CommitPlan, 'userId' | 'at' | 'newUser'>,
  login: { readonly admitted: Admitted; readonly attempt: Attempt; readonly ground: ActionGround },
  { actions }: GroundedActionDeps,
): JsonObject {
  const { tenantId, hostname } = actions;
  const { admitted, attempt, ground } = login;
  const before = preRegistrationEvent(admitted, { attempt, ground, userId: plan.userId, tenantId, hostname });
  const user = plan.newUser && toEvent(registeredUser(newcomer(plan, plan.newUser)));
  const request = toEvent(requestOf(attempt, hostname));
  return { ...before, request, ...(user && { user }) } satisfies Record<string, Json>;
}

/**
 * Adds the job for the Actions after a sign-up to the plan. Returns the plan unchanged, and reads nothing, when the
 * plan opens no account with a password or no Action is bound.
 */
export async function withRegistrationJob<
  Plan extends Pick<CommitPlan, 'userId' | 'at' | 'newUser' | 'organizationId'>,
>(
  plan: Plan,
  admitted: Admitted & { readonly tenant: Pick<Tenant, 'actions'> },
  attempt: Attempt,
  deps: GroundedActionDeps & { readonly entropy: Entropy },
): Promise<Plan & { readonly jobs?: readonly ActionJob[] }> {
  const opens = plan.newUser !== undefined && admitted.proof.kind === 'sign_up';
  if (!opens || !isBound(admitted, 'post-user-registration')) return plan;
  const ground = await deps.reads.findActionGround({
    userId: undefined,
    organizationId: plan.organizationId,
    clientId: admitted.client.clientId,
    connectionId: admitted.enablement.connection.id,
    grantedRoles: [],
  });
  const event = signUpEvent(plan, { admitted, attempt, ground }, deps);
  const { organizationId } = plan;
  return { ...plan, jobs: [{ id: newSecret(deps.entropy), trigger: 'post-user-registration', organizationId, event }] };
}
