/**
 * Step 4: may this account enter this organization, and why? A pure function: the first rule that applies decides. Its
 * name is the reason that the log and `explain` show (docs/linking-rule.md, "Admit").
 */

import { parseCondition } from '../domain/companies/membership-condition.js';
import { type Invitation, isLive } from '../domain/people/account.js';
import { type Email, emailDomain, parseEmail } from '../domain/people/email.js';
import { isEnterprise, isOpenTo } from '../domain/tenant.js';
import { NOT_LOOKED_UP } from '../facts/unasked.js';
import { findRequiredCompany } from './home-realm.js';
import { isRefusal, type Refusal, refuse } from './refusals.js';
import type { Admitted, Resolved } from './stages.js';
import type { Trace } from './trace.js';
import { believesClaims, invitationFits } from './vouching.js';

type Admission = Admitted['admission'];

function admission(rule: Admission['rule'], parts: Partial<Admission> = {}): Admission {
  return { rule, createMembership: undefined, roles: [], invitation: undefined, ...parts };
}

function addressOf(resolved: Resolved): Email | undefined {
  return resolved.account.kind === 'existing' ? resolved.account.candidate.account.email : resolved.account.email;
}

/**
 * Refuses a password where `sso_rollout` is `required`: people of the connection's domains use the company's sign-in;
 * only break-glass members keep the password. Runs after the password was verified, so that the answer tells strangers
 * nothing.
 */
function checkPasswordAllowed(resolved: Resolved, trace: Trace): Refusal | undefined {
  if (isEnterprise(resolved.enablement.connection.strategy)) return undefined;
  const email = addressOf(resolved);
  if (email === undefined) return undefined;
  const required = findRequiredCompany(resolved, email);
  if (required === undefined) return undefined;
  const breakGlass = resolved.account.kind === 'existing' && resolved.account.candidate.membership?.breakGlass === true;
  trace.add('admit', 'sso_required', breakGlass ? 'pass' : 'refuse', {
    connection: required.connection.name,
    break_glass: breakGlass,
  });
  return breakGlass
    ? undefined
    : refuse('admit.sso_required', `sso_rollout is required for ${required.connection.name}`);
}

/**
 * Returns the address that the account has after this login. The account that this identity opened takes the address
 * for which somebody vouches now; with its former one, the login would be admitted and its code refused.
 */
function addressAfter({ account, proof, enablement, vouchedEmail }: Resolved): Email | undefined {
  if (account.kind === 'new') return account.email;
  const { candidate, bind } = account;
  const follows =
    proof.kind === 'identity' && bind === undefined && candidate.mainConnectionId === enablement.connection.id;
  return (follows ? vouchedEmail : undefined) ?? candidate.account.email;
}

/**
 * Refuses people outside the pilot group while a company's connection is being tried: it signs in nobody else and makes
 * nobody else a member. Compares the account's address, or the one that the identity provider sent for a person without
 * an account.
 */
function checkPilot(resolved: Resolved, trace: Trace): Refusal | undefined {
  const { enablement, proof, account } = resolved;
  const sent = proof.kind === 'identity' && account.kind === 'new' ? parseEmail(proof.identity.email) : undefined;
  const email = addressAfter(resolved) ?? sent;
  if (!isEnterprise(enablement.connection.strategy) || isOpenTo(enablement, email)) return undefined;
  trace.add('admit', 'pilot', 'refuse', { connection: enablement.connection.name, email: email ?? null });
  // Ask for a new sign-in instead of refusing: the session may be from a time when the pilot group included the person.
  return proof.kind === 'account' && proof.by === 'session'
    ? refuse('authenticate.session_not_usable', `${enablement.connection.name} is for a pilot group`)
    : refuse('admit.not_in_pilot', `${enablement.connection.name} is for a pilot group`);
}

/**
 * Finds the invitation that this login accepts: the one named by the request's ticket, or without a ticket an open one
 * for the proved address. A ticket for another address or connection is a refusal, and stays usable. Does not check
 * whether the proof is fresh enough ({@link needsFreshProof}).
 *
 * Attack: somebody opens an account with a password under the invited address and waits for an invitation. So a
 * password account needs the invitation's link. A company's sign-in needs none: it asserts the address in this very
 * login.
 */
function findInvitation(resolved: Resolved, at: Date, trace: Trace): Invitation | Refusal | undefined {
  const { id: connectionId, strategy } = resolved.enablement.connection;
  const { invitation } = resolved;
  if (invitation === undefined) {
    if (!isEnterprise(strategy)) return undefined;
    return resolved.invitations.find(
      (item) => isLive(item, at) && invitationFits(item, resolved.provedEmail, connectionId),
    );
  }
  // For a password account the invitation's link replaces the proof of its address.
  const email = isEnterprise(strategy) ? resolved.provedEmail : addressOf(resolved);
  if (invitationFits(invitation, email, connectionId)) return invitation;
  trace.add('admit', 'invited', 'refuse', {
    invitation: invitation.id,
    address_fits: email === invitation.inviteeEmail,
    connection_fits: invitation.connectionId === undefined || invitation.connectionId === connectionId,
  });
  return refuse('admit.invitation_mismatch', `invitation ${invitation.id} is for another address or connection`);
}

/** Without a ticket, a company's sign-in finds invitations only by an address that somebody vouches for. */
function noteNoInvitation({ enablement, provedEmail }: Resolved, trace: Trace): void {
  const isUnasked = isEnterprise(enablement.connection.strategy) && provedEmail === undefined;
  trace.add('admit', 'invited', 'pass', { invitation: isUnasked ? NOT_LOOKED_UP : null });
}

function checkAuto(resolved: Resolved, trace: Trace): boolean {
  const { enablement, proof } = resolved;
  if (!enablement.assignMembershipOnLogin) {
    trace.add('admit', 'auto', 'pass', { auto_membership: false });
    return false;
  }
  // An IdP cannot assert an address into this organization when another organization has proved its domain.
  if (resolved.domainProvedElsewhere) {
    trace.add('admit', 'auto', 'pass', { auto_membership: true, domain_proved_elsewhere: true });
    return false;
  }
  // Attack: a customer's administrator turns auto-membership on, and the provider they chose sends in strangers.
  if (!believesClaims(resolved)) {
    trace.add('admit', 'auto', 'pass', { auto_membership: true, domain_proved_here: false });
    return false;
  }
  if (enablement.autoMembershipCondition === undefined) return true;
  // Some claims were dropped because the cookie is small: "has no claim contractor" would be true for everybody.
  if (proof.kind === 'identity' && proof.identity.claimsCut) {
    trace.add('admit', 'auto', 'pass', { auto_membership: true, claims_cut: true });
    return false;
  }
  const email = resolved.provedEmail;
  const condition = parseCondition(enablement.autoMembershipCondition);
  const holds =
    !('error' in condition) &&
    condition.evaluate({
      email: email ?? '',
      email_domain: email === undefined ? '' : emailDomain(email),
      claims: proof.kind === 'identity' ? proof.identity.claims : {},
      scim_groups: resolved.scimGroups ?? [],
    });
  trace.add('admit', 'auto', 'pass', {
    auto_membership: true,
    condition: enablement.autoMembershipCondition,
    ...(resolved.scimGroups && { scim_groups: resolved.scimGroups }),
    holds,
    ...('error' in condition && { not_usable: condition.error }),
  });
  return holds;
}

function subjectName(resolved: Resolved): string {
  if (resolved.account.kind === 'existing') return resolved.account.candidate.account.userId;
  const { idPrefix } = resolved.account;
  if (resolved.proof.kind !== 'identity' || !idPrefix) return resolved.provedEmail ?? 'unknown';
  return `${idPrefix.text}|${resolved.proof.identity.subject}`;
}

/**
 * True when the person must sign in again before auto-membership or an Action may make them a member. That applies to a
 * session, and to a company's sign-in of an earlier request of this login. Attack: a redirect from any page of the
 * organization would be enough to use these two. It also applies to an identity with dropped claims, if membership has
 * a condition.
 */
export function needsFreshProof({ proof, enablement }: Pick<Resolved, 'proof' | 'enablement'>): boolean {
  // Without all claims, "has no claim contractor" would be true for everybody.
  // Somebody who has just proved that an existing account is theirs is not asked to sign in again.
  if (proof.kind === 'identity')
    return (
      proof.identity.claimsCut !== undefined && !proof.ownProof && enablement.autoMembershipCondition !== undefined
    );
  if (proof.kind !== 'account') return false;
  return proof.by === 'session' || (proof.by === 'known' && isEnterprise(enablement.connection.strategy));
}

/**
 * Refuses a proof that is too old. The pages then ask the person to sign in again; under `prompt=none` the application
 * gets the refusal.
 */
export function refuseStaleProof(
  { organization }: Resolved,
  trace: Trace,
  rule: 'invited' | 'auto' | 'action',
): Refusal {
  trace.add('admit', rule, 'refuse', { fresh_proof: false });
  return refuse('authenticate.session_not_usable', `no membership of ${organization?.id} by what was proved before`);
}

/**
 * Decides a login that names no organization (docs/linking-rule.md, part 8). A company's connection admits only
 * accounts that it created. It admits nobody if an organization has enabled it, or had before it was cut off: otherwise
 * the cut-off company could sign people in by leaving out the organization. An identity that is linked to somebody's
 * main account counts only in the organization where it is linked. Otherwise the company's IdP, or a person it removed,
 * would still get tokens of the whole account.
 *
 * Without an organization no account is linked. A member who comes by a company's connection for the first time would
 * get a second account bound to their identity, and could no longer use their membership. So the login has to name the
 * organization.
 */
function decideWithoutOrganization(resolved: Resolved, trace: Trace): Admission | Refusal {
  const { account, proof, enablement } = resolved;
  const { connection, servesOrganizations } = enablement;
  const brought = account.kind === 'new' || account.candidate.mainConnectionId === connection.id;
  if (!isEnterprise(connection.strategy) || (brought && !servesOrganizations)) {
    trace.add('admit', 'no_organization', 'pass');
    return admission('no_organization');
  }
  const evidence = { connection: connection.name, serves_organizations: servesOrganizations, brought_account: brought };
  trace.add('admit', 'no_organization', 'refuse', evidence);
  if (proof.kind === 'account' && proof.by === 'session')
    return refuse('authenticate.session_not_usable', `a session of ${connection.name} needs an organization`);
  if (servesOrganizations) return refuse('admit.organization_needed', 'this connection serves organizations, or did');
  return refuse(
    'admit.not_own_connection',
    `the account came from ${account.kind === 'existing' ? account.candidate.mainConnectionId : ''}`,
  );
}

function decide(resolved: Resolved, at: Date, trace: Trace): Admission | Refusal {
  const { organization } = resolved;
  if (organization === undefined) return decideWithoutOrganization(resolved, trace);
  const invitation = findInvitation(resolved, at, trace);
  if (invitation && isRefusal(invitation)) return invitation;
  if (resolved.account.kind === 'existing' && resolved.account.candidate.membership) {
    const { userId } = resolved.account.candidate.account;
    // For a member, an invitation only adds roles, and only if the request has its ticket.
    const granted = resolved.invitation === undefined ? undefined : invitation;
    // Attack: a member invites their own address, and so gives themselves a role (ADR 0100).
    const roles = granted === undefined || granted.invitedBy === userId ? [] : granted.roles;
    trace.add('admit', 'member', 'pass', { user_id: userId, invitation: granted?.id ?? null });
    return admission('member', { invitation: granted, roles });
  }
  trace.add('admit', 'member', 'pass', { member: false });
  if (invitation && resolved.proof.kind === 'account' && resolved.proof.by === 'session')
    return refuseStaleProof(resolved, trace, 'invited');
  if (invitation) {
    trace.add('admit', 'invited', 'pass', { invitation: invitation.id, roles: invitation.roles });
    return admission('invited', { createMembership: 'invited', roles: invitation.roles, invitation });
  }
  noteNoInvitation(resolved, trace);
  if (resolved.enablement.assignMembershipOnLogin && needsFreshProof(resolved))
    return refuseStaleProof(resolved, trace, 'auto');
  if (checkAuto(resolved, trace)) {
    trace.add('admit', 'auto', 'pass', { applies: true });
    return admission('auto', { createMembership: 'auto' });
  }
  trace.add('admit', 'not_a_member', 'refuse', { email: resolved.provedEmail ?? null });
  return refuse('admit.not_a_member', 'no rule admits this account', {
    user: subjectName(resolved),
    organization: organization.id,
  });
}

/** Lets the commit check the domain again on which a customer's auto-membership rests. */
function relyOnDomain({ enablement, vouchedEmail }: Resolved, { rule }: Admission): Partial<Resolved> {
  if (rule !== 'auto' || vouchedEmail === undefined || enablement.connection.managedByOrganization === undefined)
    return {};
  return { reliedDomains: [emailDomain(vouchedEmail)] };
}

/** Applies the admission rules in their order. `at` decides what is expired. */
export function admit(resolved: Resolved, at: Date, trace: Trace): Admitted | Refusal {
  if (resolved.account.kind === 'existing' && resolved.account.candidate.account.blocked) {
    trace.add('admit', 'user_blocked', 'refuse', { user_id: resolved.account.candidate.account.userId });
    return refuse('admit.user_blocked', resolved.account.candidate.account.userId);
  }
  const refusal = checkPasswordAllowed(resolved, trace);
  if (refusal) return refusal;
  const notYet = checkPilot(resolved, trace);
  if (notYet) return notYet;
  const decision = decide(resolved, at, trace);
  return isRefusal(decision) ? decision : { ...resolved, ...relyOnDomain(resolved, decision), admission: decision };
}
