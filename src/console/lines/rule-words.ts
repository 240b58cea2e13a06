/** The rules of a login as sentences, for operators who do not know their names. Words only. */

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
  'identify.cookie': 'This browser does not hold the sign-in any more.',
};

const AUTHENTICATE: Readonly<Record<string, Words>> = {
  'authenticate.connection_enabled': ({ connection }) => `The way in is switched on: ${text(connection)}.`,
  'authenticate.connection_enabled:refuse': 'The way in is not switched on here.',
  'authenticate.connection_unchanged': 'The connection was changed while they were away.',
  'authenticate.typed_address': 'They confirmed which account they came with.',
  'authenticate.typed_address:ask': 'They came with another account than they typed: asked.',
  'authenticate.protocol_proof': ({ email, assumed }) => {
    if (assumed === true) return 'Taken for granted in this question: the company vouches for them.';
    return typeof email === 'string'
      ? `The company’s answer is genuine: ${email}.`
      : 'The company’s answer is genuine.';
  },
  'authenticate.protocol_proof:refuse': ({ check }) =>
    typeof check === 'string' ? `The company’s answer did not pass the check ${check}.` : 'The proof did not hold.',
  'authenticate.password': 'The password fits.',
  'authenticate.password:refuse': ({ known_address }) =>
    known_address === false ? 'Nobody here has this address and a password.' : 'The password does not fit.',
  'authenticate.attempt_limit': 'Too many tries were made before this one.',
  'authenticate.own_proof': 'Too many wrong codes or passwords: the account was not proved.',
  'authenticate.own_proof:ask': 'They were asked to prove the old account.',
  'authenticate.session': 'The browser was signed in already.',
  'authenticate.sign_in_time': 'The company asked them again, as the application wanted.',
  'authenticate.sign_in_time:refuse': 'The company did not show that it asked them again.',
  'authenticate.sign_up': 'They opened an account, and proved the address.',
  'authenticate.sign_up:refuse': ({ exists }) =>
    exists === true ? 'There is an account with this address already.' : 'Opening an account is not allowed here.',
  'authenticate.ticket': 'The link cannot be used.',
  'authenticate.transaction': 'This browser does not hold the sign-in.',
};

const RESOLVE: Readonly<Record<string, Words>> = {
  'resolve.account': ({ newcomer }) => (newcomer === true ? 'A new account is opened.' : 'The account is found.'),
  'resolve.account:refuse': 'The account is gone.',
  'resolve.bound_identity': ({ known }) =>
    known === false ? nothing('Nobody signed in with this identity before.') : 'This identity belongs to an account.',
  'resolve.bound_identity:refuse': 'The identity does not belong to this account any more.',
  'resolve.address_strict': ({ email }) => `The address is ${text(email)}.`,
  'resolve.address_strict:refuse': 'The company sent no address that can be used.',
  'resolve.address_vouched': ({ domain, domain_proved_here }) =>
    domain_proved_here === true
      ? `The organization has proved ${text(domain)} as its own.`
      : 'The company vouches for the address.',
  'resolve.address_vouched:refuse': ({ domain, domain_proved_elsewhere }) =>
    domain_proved_elsewhere === true
      ? no(`${text(domain)} belongs to another organization.`)
      : nothing('Nobody vouches for the address, so it opens no account that exists.'),
  'resolve.one_candidate': ({ user_id }) =>
    user_id === null ? nothing('No account has this address.') : 'One account has this address.',
  'resolve.one_candidate:refuse': ({ bound_to_another_subject, awaits_another_subject }) =>
    bound_to_another_subject === true || awaits_another_subject === true
      ? 'A member has this address, and is known to the company by another ID.'
      : 'Several accounts have this address.',
  'resolve.belongs_here': ({ member_with_this_address }) =>
    member_with_this_address === false
      ? nothing('No member has this address.')
      : 'The account is a member of this organization.',
  'resolve.silent_or_proof': ({ newcomer, silent, own_proof }) => {
    if (newcomer === true) return nothing('There is no old account to prove.');
    if (silent === true) return 'Linked to the account, without a question.';
    return own_proof === 'code' ? 'Proved by the mailed code, and linked.' : 'Proved by the password, and linked.';
  },
  'resolve.silent_or_proof:ask': 'They are asked to prove that the old account is theirs.',
  'resolve.pre_provisioned': 'An operator had prepared this identity.',
  'resolve.pre_provisioned:refuse': 'An identity was prepared, and another one came.',
  'resolve.linking_allowed': 'Linking to accounts of members is switched off.',
  'resolve.newcomer': 'This connection opens no accounts.',
  'resolve.hinted_user': 'The application expected somebody else.',
};

const ADMIT: Readonly<Record<string, Words>> = {
  'admit.member': ({ member }) => (member === false ? nothing('They are no member.') : 'They are a member: let in.'),
  'admit.invited': ({ invitation }) =>
    invitation === null ? nothing('No invitation was opened.') : 'They are invited: let in, with the roles of it.',
  'admit.invited:refuse': ({ address_fits }) =>
    address_fits === false ? 'The invitation names another address.' : 'The invitation names another way in.',
  'admit.auto': ({ applies, auto_membership, domain_proved_elsewhere, condition, holds }) => {
    if (applies === true) return 'Auto-membership is on: let in.';
    if (auto_membership === false) return nothing('Auto-membership is off.');
    if (domain_proved_elsewhere === true)
      return nothing('Auto-membership does not hold: the domain belongs to another organization.');
    if (holds === false) return nothing(`The condition of auto-membership is not met: ${text(condition)}.`);
    return holds === true ? 'The condition of auto-membership is met.' : nothing('Auto-membership does not hold here.');
  },
  'admit.action': 'An Action lets them in.',
  'admit.no_organization': 'No organization was asked for, and none is needed.',
  'admit.no_organization:refuse': 'This way in needs an organization, and none was named.',
  'admit.not_a_member': 'Nothing lets them in.',
  'admit.pilot': 'The connection is for a pilot group, and they are not in it.',
  'admit.sso_required': 'The company’s sign-in is required; this member may use the password (break-glass).',
  'admit.sso_required:refuse': 'The company’s sign-in is required, and they used a password.',
};

const ACT: Readonly<Record<string, Words>> = {
  'act.post-login': ({ run }) =>
    run === false ? nothing('Actions are not run by this question.') : 'Your Action agrees.',
  'act.post-login:refuse': ({ reason, changed }) => {
    if (changed === true) return 'The Action was replaced while they were away.';
    return typeof reason === 'string' ? `Your Action says no: ${reason}` : 'Your Action says no.';
  },
  'act.post-login:ask': 'Your Action sends them elsewhere first.',
  'act.organization-admission': ({ run }) =>
    run === false ? nothing('Actions are not run by this question.') : 'Your Action for members agrees.',
  'act.organization-admission:refuse': 'Your Action for members says no.',
  'act.primary_user': 'An Action named the account.',
  'act.primary_user:refuse': 'An Action named an account that does not hold this identity.',
};

const COMMIT: Readonly<Record<string, Words>> = {
  'commit.one_transaction': 'Written, all at once.',
  'commit.before_actions': 'The membership was written before Actions ran (the order of this tenant).',
  'commit.account_first': 'The account was opened first.',
  'commit.conflict': 'Something changed at the same moment, so it was decided again.',
  'commit.conflict:refuse': 'Something changed at the same moment.',
};

/**
 * Words for each rule, by `step.rule`; where yes and no need different words, by `step.rule:answer`. A rule that only
 * refuses, with a code of its own name, has the short words of that row.
 */
export const RULE_WORDS: Readonly<Record<string, Words>> = {
  ...IDENTIFY,
  ...AUTHENTICATE,
  ...RESOLVE,
  ...ADMIT,
  ...ACT,
  ...COMMIT,
};
