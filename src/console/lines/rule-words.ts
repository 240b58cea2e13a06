/** The rules of a login as sentences, since operators do not know the rules' names. Words only. */
import { findUnasked, NOT_LOOKED_UP } from '../../facts/unasked.js';

export interface Said {
  readonly says: string;
  readonly verdict: 'yes' | 'no' | 'asks' | 'nothing';
}

type Evidence = Readonly<Record<string, unknown>>;
type Words = string | ((evidence: Evidence) => string | Said);

const nothing = (says: string): Said => ({ says, verdict: 'nothing' });
const no = (says: string): Said => ({ says, verdict: 'no' });
const text = (value: unknown): string => (typeof value === 'string' ? value : 'it');

const IDENTIFY: Readonly<Record<string, Words>> = {
  'identify.target': ({ client, organization, invitation }) => {
    const at = typeof organization === 'string' ? ` at ${organization}` : ', without an organization';
    return `${text(client)}${at}${invitation ? ', with an invitation' : ''}.`;
  },
  'identify.client': 'No application has this client ID.',
  'identify.cookie': 'This browser no longer knows the sign-in.',
};

/** Why a second factor is asked for. */
const ASKED_BY: Readonly<Record<string, string>> = {
  binding: ', because the account has one and gets another way to sign in',
  application: ', because the application asks for it',
  organization: ', because the organization requires it',
  tenant: ', because the tenant requires it',
  action: ', because an Action asks for it',
};

const AUTHENTICATE: Readonly<Record<string, Words>> = {
  'authenticate.connection_enabled': ({ connection }) => `The connection is enabled: ${text(connection)}.`,
  'authenticate.connection_enabled:refuse': 'The connection is not enabled here.',
  'authenticate.connection_unchanged': 'The connection was changed while they were at the provider.',
  'authenticate.typed_address': 'They confirmed which account they used.',
  'authenticate.typed_address:ask': 'They used a different account than they typed, so they were asked.',
  'authenticate.protocol_proof': ({ email, assumed }) => {
    if (assumed === true) return 'Assumed for this check: the company confirms who they are.';
    return typeof email === 'string'
      ? `The company’s answer is genuine: ${email}.`
      : 'The company’s answer is genuine.';
  },
  'authenticate.protocol_proof:refuse': ({ check }) =>
    typeof check === 'string'
      ? `The company’s answer failed the check ${check}.`
      : 'The proof of identity is not valid.',
  'authenticate.password': 'The password is correct.',
  'authenticate.password:refuse': ({ known_address }) =>
    known_address === false ? 'No account has this address and a password.' : 'The password is wrong.',
  'authenticate.attempt_limit': 'There were too many attempts before this one.',
  'authenticate.own_proof': 'Too many wrong codes or passwords, so the account was not verified.',
  'authenticate.own_proof:ask': 'They were asked to verify that the old account is theirs.',
  'authenticate.second_factor': ({ by, reason, enrols }) => {
    if (typeof enrols === 'string') return 'They set up a second factor.';
    if (by === 'session') return 'The second factor of the open session counts.';
    if (by === 'remembered_browser') return 'The browser is remembered, so no second factor is asked for.';
    return reason === 'binding'
      ? 'The account has no second factor that has to be asked for.'
      : 'They gave a second factor.';
  },
  'authenticate.second_factor:ask': ({ reason, tries_left }) =>
    typeof tries_left === 'number'
      ? 'The second factor did not fit.'
      : `They are asked for a second factor${ASKED_BY[String(reason)] ?? ''}.`,
  'authenticate.second_factor:refuse': ({ reason, accepts }) =>
    accepts === undefined
      ? 'The second factor was not given.'
      : `They have no second factor that is accepted${ASKED_BY[String(reason)] ?? ''}.`,
  'authenticate.session': 'The browser was already signed in.',
  'authenticate.sign_in_time': 'The company asked them to sign in again, as the application required.',
  'authenticate.sign_in_time:refuse': 'The company did not confirm that it asked them to sign in again.',
  'authenticate.sign_up': 'They signed up and verified the address.',
  'authenticate.sign_up:refuse': ({ exists }) =>
    exists === true ? 'An account with this address already exists.' : 'Sign-up is not allowed here.',
  'authenticate.ticket': 'The link cannot be used.',
  'authenticate.transaction': 'This browser does not know the sign-in.',
};

const RESOLVE: Readonly<Record<string, Words>> = {
  'resolve.account': ({ newcomer }) => (newcomer === true ? 'A new account is created.' : 'The account is found.'),
  'resolve.account:refuse': 'The account no longer exists.',
  'resolve.bound_identity': ({ known }) =>
    known === false
      ? nothing('Nobody has signed in with this identity before.')
      : 'This identity belongs to an account.',
  'resolve.bound_identity:refuse': 'The identity no longer belongs to this account.',
  'resolve.address_strict': ({ email }) => `The address is ${text(email)}.`,
  'resolve.address_strict:refuse': 'The company sent no usable email address.',
  'resolve.address_vouched': ({ domain, domain_proved_here }) =>
    domain_proved_here === true
      ? `The organization has verified ${text(domain)} as its domain.`
      : 'The company confirms the address.',
  'resolve.address_vouched:refuse': ({ domain, domain_proved_elsewhere, connection_of_customer }) => {
    if (domain_proved_elsewhere === true) return no(`${text(domain)} belongs to another organization.`);
    return connection_of_customer === true
      ? nothing(
          `A customer made this connection, and has not proved ${text(domain)} by DNS, so its address counts for nothing.`,
        )
      : nothing('The address is not verified, so it is linked to no existing account.');
  },
  'resolve.one_candidate': ({ user_id }) =>
    user_id === null ? nothing('No account has this address.') : 'One account has this address.',
  'resolve.one_candidate:refuse': ({ bound_to_another_subject, awaits_another_subject }) =>
    bound_to_another_subject === true || awaits_another_subject === true
      ? 'A member has this address, but another user ID at the company.'
      : 'Several accounts have this address.',
  'resolve.belongs_here': (evidence) => {
    const { member_with_this_address: known } = evidence;
    const unasked = findUnasked(evidence);
    if (unasked !== undefined)
      return nothing(`Members were not looked up, because ${unasked.because}. If they are one: ${unasked.do}`);
    if (known === true) return nothing('A member has this address, and is not linked.');
    return known === false ? nothing('No member has this address.') : 'The account is a member of this organization.';
  },
  'resolve.silent_or_proof': ({ newcomer, silent, own_proof }) => {
    if (newcomer === true) return nothing('There is no old account to verify.');
    if (silent === true) return 'Linked to the account without asking.';
    return own_proof === 'code'
      ? 'Verified with an emailed code, and linked.'
      : 'Verified with the password, and linked.';
  },
  'resolve.silent_or_proof:ask': 'They are asked to verify that the old account is theirs.',
  'resolve.pre_provisioned': 'An operator had prepared this identity.',
  'resolve.pre_provisioned:refuse': 'A different identity was prepared for this account.',
  'resolve.linking_allowed': 'Linking to members’ accounts is turned off.',
  'resolve.newcomer': 'This connection creates no accounts.',
  'resolve.hinted_user': 'The application expected somebody else.',
};

const ADMIT: Readonly<Record<string, Words>> = {
  'admit.member': ({ member }) =>
    member === false ? nothing('They are not a member.') : 'They are a member, so they have access.',
  'admit.invited': ({ invitation }) => {
    if (invitation === NOT_LOOKED_UP)
      return nothing('Invitations were not looked up, because the address is not verified.');
    if (invitation === null) return nothing('No invitation was used.');
    return 'They are invited, so they get access and the roles of the invitation.';
  },
  'admit.invited:refuse': ({ address_fits }) =>
    address_fits === false
      ? 'The invitation is for a different address.'
      : 'The invitation is for a different connection.',
  'admit.auto': ({ applies, auto_membership, domain_proved_elsewhere, condition, holds }) => {
    if (applies === true) return 'Auto-membership is on, so they get access.';
    if (auto_membership === false) return nothing('Auto-membership is off.');
    if (domain_proved_elsewhere === true)
      return nothing('Auto-membership does not apply, because the domain belongs to another organization.');
    if (holds === false) return nothing(`The condition of auto-membership is not met: ${text(condition)}.`);
    return holds === true
      ? 'The condition of auto-membership is met.'
      : nothing('Auto-membership does not apply here.');
  },
  'admit.action': 'An Action gives them access.',
  'admit.no_organization': 'No organization was requested, and none is needed.',
  'admit.no_organization:refuse': 'This connection needs an organization, and none was named.',
  'admit.not_a_member': 'They have no access: nothing admits them.',
  'admit.pilot': 'The connection is limited to a pilot group, and they are not in it.',
  'admit.sso_required': 'The company’s sign-in is required, but this member may use the password (break-glass).',
  'admit.sso_required:refuse': 'The company’s sign-in is required, but they used a password.',
};

const ACT: Readonly<Record<string, Words>> = {
  'act.post-login': ({ run }) =>
    run === false ? nothing('This check does not run Actions.') : 'The Actions allow it.',
  'act.post-login:refuse': ({ reason, changed }) => {
    if (changed === true) return 'The Action was replaced while they were on another page.';
    return typeof reason === 'string' ? `An Action refused: ${reason}` : 'An Action refused.';
  },
  'act.post-login:ask': 'An Action sends them to a page first.',
  'act.organization-admission': ({ run }) =>
    run === false ? nothing('This check does not run Actions.') : 'The Actions for admission allow it.',
  'act.organization-admission:refuse': 'An Action for admission refused.',
  'act.primary_user': 'An Action chose the account.',
  'act.primary_user:refuse': 'An Action chose an account that does not have this identity.',
};

const COMMIT: Readonly<Record<string, Words>> = {
  'commit.one_transaction': 'Everything was saved in one step.',
  'commit.before_actions': 'The membership was saved before Actions ran, as set under Settings, General.',
  'commit.account_first': 'The account was created first.',
  'commit.conflict': 'Data changed at the same moment, so it was decided again.',
  'commit.conflict:refuse': 'Data changed at the same moment.',
};

/**
 * The words for each rule, by `step.rule`. If pass and refusal need different words, the key is `step.rule:answer`. A
 * rule that only refuses, and whose refusal has the same name, uses the short words of that refusal.
 */
export const RULE_WORDS: Readonly<Record<string, Words>> = {
  ...IDENTIFY,
  ...AUTHENTICATE,
  ...RESOLVE,
  ...ADMIT,
  ...ACT,
  ...COMMIT,
};
