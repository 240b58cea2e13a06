/**
 * Logins as on an Auth0 tenant (docs/auth0-double.md): wraps what the login pipeline reads and commits, so that its own
 * rules decide as Auth0 does. Decides nothing itself, and is never part of a normal server. On Auth0, the record of an
 * enterprise user is written after the first factor; then membership is checked; then Actions run. A login links no
 * accounts. Home realm discovery treats all people of a domain alike.
 */
import type { Voucher } from '../domain/people/account.js';
import type { LoginHabits, OrganizationConnection, Tenant } from '../domain/tenant.js';
import type { CommitPlan, EarlyCommitPlan, LoginCommit, LoginReads, LoginTarget } from '../ports/login-store.js';
import type { TokenStore } from '../ports/token-store.js';
import type { DoubleFacts } from './facts.js';

const HABITS: LoginHabits = { opensAccountFirst: true, homeRealmBinds: true, asksForAddress: false };

/** Triggers of Actions that Auth0 does not have. */
const ADDED_TRIGGERS: ReadonlySet<string> = new Set(['organization-admission']);

/**
 * A list that claims to contain every domain. For an invitation, Auth0 only compares its address with the address of
 * the login; it asks for no proof of the domain. The double's commit does not check the domains in this list.
 */
const EVERY_DOMAIN: readonly string[] = Object.assign([], { includes: () => true });

function asAuth0(tenant: Tenant): Tenant {
  const bound = tenant.actions.bound.filter((trigger) => !ADDED_TRIGGERS.has(trigger));
  return {
    ...tenant,
    membershipEvaluation: 'before_actions',
    habits: HABITS,
    actions: { ...tenant.actions, bound },
  };
}

function withoutAdditions(enablement: OrganizationConnection): OrganizationConnection {
  return {
    ...enablement,
    linkExistingMembers: 'never',
    ssoRollout: 'optional',
    autoMembershipCondition: undefined,
    pilotEmails: [],
    provedDomains: EVERY_DOMAIN,
    servesOrganizations: false,
  };
}

/** Wraps the reads of a login. An invitation is found only by its ticket, and an email address leads to no account. */
export function auth0Reads(reads: LoginReads): LoginReads {
  const toTarget = (target: LoginTarget): LoginTarget => ({
    ...target,
    tenant: asAuth0(target.tenant),
    connections: target.connections.map(withoutAdditions),
  });
  return {
    ...reads,
    async findTenant() {
      return asAuth0(await reads.findTenant());
    },
    async findTarget(query) {
      const target = await reads.findTarget(query);
      return target && toTarget(target);
    },
    async findHomeRealms(domain) {
      return (await reads.findHomeRealms(domain)).map(withoutAdditions);
    },
    async findCandidates(query) {
      const found = await reads.findCandidates(query);
      // On Auth0, only a subject can be expected: of an account that SCIM created before its first login. An expected
      // address is an addition.
      const expected = found.expected?.by === 'subject' ? found.expected : undefined;
      return { ...found, expected, byEmail: [], invitations: [], domainProvedElsewhere: false };
    },
    async findAccount(query) {
      const found = await reads.findAccount(query);
      return found && { ...found, invitations: [], domainProvedElsewhere: false };
    },
  };
}

const vouchedByIdp = (claims: Readonly<Record<string, unknown>>): Voucher | undefined =>
  claims.email_verified === true ? 'idp' : undefined;

/**
 * Sets who vouches for the address. For an identity, and a new account with one: the identity provider, if it says so.
 * For any other new account: the plan's voucher, or else an accepted invitation (`operator`). For an existing account:
 * an accepted invitation, or else the plan's voucher.
 */
function withVouchers<Plan extends CommitPlan | EarlyCommitPlan>(plan: Plan): Plan {
  const { newUser, bind, refreshIdentity, consumeInvitationId, relyAccount, vouchForEmail } = plan;
  const isIdentity = bind !== undefined && bind.issuer !== '';
  const byInvitation = consumeInvitationId === undefined ? newUser?.emailVouchedBy : 'operator';
  const newcomerVoucher = isIdentity ? vouchedByIdp(bind.profile) : (newUser?.emailVouchedBy ?? byInvitation);
  return {
    ...plan,
    newUser: newUser && { ...newUser, emailVouchedBy: newcomerVoucher },
    bind: bind && (isIdentity ? { ...bind, emailVouchedBy: vouchedByIdp(bind.profile) } : bind),
    refreshIdentity: refreshIdentity && {
      ...refreshIdentity,
      emailVouchedBy: vouchedByIdp(refreshIdentity.data),
    },
    vouchForEmail: consumeInvitationId !== undefined && relyAccount !== undefined ? 'operator' : vouchForEmail,
  };
}

/** Wraps the commit of a login. Auth0 asks for no proof of a domain, so the commit does not check one. */
export function auth0Commit(commit: LoginCommit, facts: DoubleFacts): LoginCommit {
  return {
    apply(plan) {
      const { membership } = plan;
      const grantsRoles = membership?.create === true || facts.member_invited === 'grants_roles';
      return commit.apply({
        ...withVouchers(plan),
        relyUnserved: false,
        relyProvedDomains: [],
        relyUnclaimedDomain: undefined,
        membership: grantsRoles ? membership : undefined,
      });
    },
  };
}

/**
 * Wraps the reads of the token endpoint. `sso_rollout` has no effect; a connection of organizations may be used without
 * one; `facts` decide whether a refresh requires the membership.
 */
export function auth0Tokens(store: TokenStore, facts: DoubleFacts): TokenStore {
  return {
    ...store,
    async findCodeGrant(clientId, reference) {
      const found = await store.findCodeGrant(clientId, reference);
      if (found?.grant === undefined) return found;
      return { ...found, grant: { ...found.grant, mayLackOrganization: true } };
    },
    async findRefreshGrant(clientId, reference, audience) {
      const found = await store.findRefreshGrant(clientId, reference, audience);
      if (found?.grant === undefined) return found;
      const isMember = found.grant.isMember || facts.refresh_after_removal === 'works';
      return { ...found, grant: { ...found.grant, isMember, mayLackOrganization: true, ssoRequired: false } };
    },
  };
}
