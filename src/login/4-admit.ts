/**
 * Step 4: may this account enter this organization, and why? A pure function; the first rule that applies wins, and its name
 * is the reason that is logged and that `explain` shows (docs/linking-rule.md, "Admit").
 */
import { type Invitation, isLive } from '../domain/account.js';
import { type Email, emailDomain } from '../domain/email.js';
import { parseCondition } from '../domain/membership-condition.js';
import { isEnterprise } from '../domain/tenant.js';
import { invitationFits } from './linking-rules.js';
import { type Refusal, refuse } from './refusals.js';
import type { Admitted, Resolved } from './stages.js';
import type { Trace } from './trace.js';

type Admission = Admitted['admission'];

function admission(rule: Admission['rule'], parts: Partial<Admission> = {}): Admission {
  return { rule, createMembership: undefined, roles: [], invitation: undefined, ...parts };
}

function addressOf(resolved: Resolved): Email | undefined {
  return resolved.account.kind === 'existing' ? resolved.account.candidate.account.email : resolved.account.email;
}

/**
 * Under `required`, people of the connection's domains come in by the company's sign-in alone; break-glass members keep the
 * password. Asked only after the password was verified, so that the answer tells strangers nothing.
 */
function checkPasswordAllowed(resolved: Resolved, trace: Trace): Refusal | undefined {
  if (isEnterprise(resolved.enablement.connection.strategy)) return undefined;
  const email = addressOf(resolved);
  if (email === undefined) return undefined;
  const required = resolved.connections.find(
    (item) =>
      isEnterprise(item.connection.strategy) &&
      item.ssoRollout === 'required' &&
      item.connection.domainAliases.includes(emailDomain(email)),
  );
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
 * The invitation this login accepts: the one of the ticket, which must fit, or else a live one for an address that is
 * proved. A ticket that does not fit is a refusal and stays usable (stories 24 and 25). Whether this proof may accept it is not
 * asked here.
 */
function findInvitation(resolved: Resolved, at: Date, trace: Trace): Invitation | Refusal | undefined {
  const connectionId = resolved.enablement.connection.id;
  const { invitation } = resolved;
  if (invitation === undefined) {
    return resolved.invitations.find(
      (item) => isLive(item, at) && invitationFits(item, resolved.provedEmail, connectionId),
    );
  }
  // With a password account the ticket, sent to the address, stands for the proof of the address.
  const email = isEnterprise(resolved.enablement.connection.strategy) ? resolved.provedEmail : addressOf(resolved);
  if (invitationFits(invitation, email, connectionId)) return invitation;
  trace.add('admit', 'invited', 'refuse', {
    invitation: invitation.id,
    address_fits: email === invitation.inviteeEmail,
    connection_fits: invitation.connectionId === undefined || invitation.connectionId === connectionId,
  });
  return refuse('admit.invitation_mismatch', `invitation ${invitation.id} is for another address or connection`);
}

function checkAuto(resolved: Resolved, trace: Trace): boolean {
  const { enablement, proof } = resolved;
  if (!enablement.assignMembershipOnLogin) {
    trace.add('admit', 'auto', 'pass', { auto_membership: false });
    return false;
  }
  // An address under a domain that another organization has proved cannot be asserted into this one.
  if (resolved.domainProvedElsewhere) {
    trace.add('admit', 'auto', 'pass', { auto_membership: true, domain_proved_elsewhere: true });
    return false;
  }
  if (enablement.autoMembershipCondition === undefined) return true;
  // "Has no claim contractor" would hold for everybody whose claims were cut on the way.
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
    });
  trace.add('admit', 'auto', 'pass', {
    auto_membership: true,
    condition: enablement.autoMembershipCondition,
    holds,
    ...('error' in condition && { not_usable: condition.error }),
  });
  return holds;
}

function subjectName(resolved: Resolved): string {
  if (resolved.account.kind === 'existing') return resolved.account.candidate.account.userId;
  if (resolved.proof.kind !== 'identity') return resolved.provedEmail ?? 'unknown';
  const { connection } = resolved.enablement;
  return `${connection.strategy}|${connection.name}|${resolved.proof.identity.subject}`;
}

/**
 * Without an organization nobody is linked, so a newcomer of a company's connection would get an account of his own, and lose the seat
 * that he has as a member: his identity would be bound elsewhere. He has to name the organization.
 */
function decideWithoutOrganization(resolved: Resolved, trace: Trace): Admission | Refusal {
  const { account, proof, enablement } = resolved;
  const newcomer = account.kind === 'new' && proof.kind === 'identity';
  if (newcomer && enablement.servesOrganizations) {
    trace.add('admit', 'no_organization', 'refuse', { connection: enablement.connection.name });
    return refuse('admit.organization_needed', 'a newcomer of a connection that organizations enabled');
  }
  trace.add('admit', 'no_organization', 'pass');
  return admission('no_organization');
}

function decide(resolved: Resolved, at: Date, trace: Trace): Admission | Refusal {
  const { organization } = resolved;
  if (organization === undefined) return decideWithoutOrganization(resolved, trace);
  const invitation = findInvitation(resolved, at, trace);
  if (invitation && 'kind' in invitation) return invitation;
  if (resolved.account.kind === 'existing' && resolved.account.candidate.membership) {
    // An invitation for a member is a grant of roles; without its ticket it is left alone.
    const granted = resolved.invitation === undefined ? undefined : invitation;
    trace.add('admit', 'member', 'pass', {
      user_id: resolved.account.candidate.account.userId,
      invitation: granted?.id ?? null,
    });
    return admission('member', { invitation: granted, roles: granted?.roles ?? [] });
  }
  trace.add('admit', 'member', 'pass', { member: false });
  // A session answers without asking anybody: one redirect from the inviter's page would make a member of whoever is signed in.
  if (invitation && resolved.proof.kind === 'account' && resolved.proof.by === 'session') {
    trace.add('admit', 'invited', 'refuse', { invitation: invitation.id, by_session: true });
    return refuse('authenticate.session_not_usable', `a session accepts no invitation (${invitation.id})`);
  }
  if (invitation) {
    trace.add('admit', 'invited', 'pass', { invitation: invitation.id, roles: invitation.roles });
    return admission('invited', { createMembership: 'invited', roles: invitation.roles, invitation });
  }
  trace.add('admit', 'invited', 'pass', { invitation: null });
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

/** Applies the admission rules in their order. `at` decides what is expired. */
export function admit(resolved: Resolved, at: Date, trace: Trace): Admitted | Refusal {
  if (resolved.account.kind === 'existing' && resolved.account.candidate.account.blocked) {
    trace.add('admit', 'user_blocked', 'refuse', { user_id: resolved.account.candidate.account.userId });
    return refuse('admit.user_blocked', resolved.account.candidate.account.userId);
  }
  const refusal = checkPasswordAllowed(resolved, trace);
  if (refusal) return refusal;
  const decision = decide(resolved, at, trace);
  return 'kind' in decision ? decision : { ...resolved, admission: decision };
}
