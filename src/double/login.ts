/**
 * Logins as on an Auth0 tenant: wraps the pipeline's reads and commit, so that its rules see data with which they
 * decide as Auth0 does. Decides nothing itself, and is never part of a server that was not started as a double.
 * Auth0 semantics, section 1.5: the record of an enterprise user is written at the first factor; then membership is
 * evaluated; then Actions run. Section 5: a login links nobody. Section 2: home realm discovery is all or nothing for a
 * domain.
 */
import type { Voucher } from '../domain/people/account.js';
import type { LoginHabits, OrganizationConnection, Tenant } from '../domain/tenant.js';
import type { CommitPlan, EarlyCommitPlan, LoginCommit, LoginReads, LoginTarget } from '../ports/login-store.js';
import type { TokenStore } from '../ports/token-store.js';
import type { DoubleFacts } from './facts.js';

const HABITS: LoginHabits = { opensAccountFirst: true, homeRealmBinds: true, asksForAddress: false };

/** Triggers that Auth0 does not have. */
const ADDED_TRIGGERS: ReadonlySet<string> = new Set(['organization-admission']);

/**
 * A list that contains every domain. Auth0 compares the invitation's address with the address of the login and needs no
 * voucher (section 4). The double's commit relies on no domain, so nothing is checked against this list.
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

/** Wraps the reads of a login: an invitation counts only by its ticket, and an address leads to no account. */
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
      // An expected subject is an account created before its first login (SCIM); an expected address is an addition.
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

/** Section 4: an accepted invitation sets `email_verified`; otherwise it is the identity provider's value. */
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

/** Wraps the commit of a login. The commit relies on no proof of a domain, since Auth0 asks for none. */
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
 * Wraps the reads of the token endpoint: `sso_rollout` has no effect, a connection for organizations works without one,
 * and the facts decide whether a refresh needs the membership.
 */
export function auth0Tokens(store: TokenStore, facts: DoubleFacts): TokenStore {
  return {
    ...store,
    async findCodeGrant(clientId, reference) {
      const found = await store.findCodeGrant(clientId, reference);
      if (found?.grant === undefined) return found;
      return { ...found, grant: { ...found.grant, mayLackOrganization: true } };
    },
    async findRefreshGrant(clientId, reference) {
      const found = await store.findRefreshGrant(clientId, reference);
      if (found?.grant === undefined) return found;
      const isMember = found.grant.isMember || facts.refresh_after_removal === 'works';
      return { ...found, grant: { ...found.grant, isMember, mayLackOrganization: true, ssoRequired: false } };
    },
  };
}
