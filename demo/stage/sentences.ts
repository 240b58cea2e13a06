/**
 * Turns a line of the trace into a sentence, for readers who do not know the names of rules. If a rule had nothing to
 * say about this login, the sentence says that, instead of "yes". Texts only: trace.ts finds the line that decided.
 */
import type { TraceLine } from '../operator.js';

export type Verdict = 'yes' | 'no' | 'asks' | 'nothing';

export interface Sentence {
  readonly says: string;
  readonly verdict: Verdict;
}

type Evidence = TraceLine['evidence'];
type Words = string | ((evidence: Evidence) => string | Sentence);

const nothing = (says: string): Sentence => ({ says, verdict: 'nothing' });

/** Texts by `step.rule`; by `step.rule:answer` if yes and no need different texts. */
const WORDS: Readonly<Record<string, Words>> = {
  'identify.target': 'Application and organization are known.',
  'identify.client:refuse': 'Nobody knows this application.',
  'authenticate.connection_enabled': 'This way in is switched on.',
  'authenticate.connection_enabled:refuse': 'This way in is switched off.',
  'authenticate.connection_unchanged:refuse': 'The connection was changed on the way.',
  'authenticate.protocol_proof': 'The company’s answer is genuine.',
  'authenticate.protocol_proof:refuse': 'The company’s answer is not genuine.',
  'authenticate.password': 'The password fits.',
  'authenticate.password:refuse': 'Address and password do not fit.',
  'authenticate.attempt_limit:refuse': 'There were too many tries.',
  'authenticate.own_proof:refuse': 'Five wrong codes: the proof has failed.',
  'authenticate.session': 'The browser is signed in already.',
  'resolve.account': ({ newcomer }) => (newcomer === true ? 'There is no account yet.' : 'The account is found.'),
  'resolve.bound_identity': ({ known }) =>
    known === false ? nothing('The sign-in is seen for the first time.') : 'The sign-in is linked to an account.',
  'resolve.address_strict': ({ email }) => `The address: ${String(email)}`,
  'resolve.address_strict:refuse': 'The company sent no address that can be used.',
  'resolve.address_vouched': ({ domain, domain_proved_here }) =>
    domain_proved_here === true ? `${String(domain)} is proved as theirs.` : 'The company has verified the address.',
  'resolve.address_vouched:refuse': ({ domain, domain_proved_elsewhere }) =>
    domain_proved_elsewhere === true
      ? `${String(domain)} belongs to another organization.`
      : 'The address is not verified.',
  'resolve.one_candidate': ({ user_id }) =>
    user_id === null ? nothing('No account has this address.') : 'One account has this address.',
  'resolve.one_candidate:refuse': 'It is not clear which account is meant.',
  'resolve.belongs_here': ({ member_with_this_address: known }) => {
    if (known === 'not_looked_up') return nothing('The address is not verified: members are not looked up by it.');
    if (known === true) return nothing('A member has this address, and is not linked.');
    return known === false ? nothing('No member has this address.') : 'It is a member of this organization.';
  },
  'resolve.silent_or_proof': ({ newcomer, silent, own_proof }) => {
    if (newcomer === true) return nothing('There is no old account to prove.');
    if (silent === true) return 'Linked to it, without a question.';
    return own_proof === 'code' ? 'Proved by the mailed code, and linked.' : 'Proved by the password, and linked.';
  },
  'resolve.silent_or_proof:ask': 'Is the old account theirs? Asked.',
  'resolve.pre_provisioned': 'An administrator had prepared this link.',
  'resolve.linking_allowed:refuse': 'Linking members is switched off.',
  'resolve.issuer_changed:refuse': 'The provider behind the connection changed.',
  'admit.member': ({ member }) => (member === false ? nothing('No member so far.') : 'A member: let in.'),
  'admit.invited': ({ invitation }) => {
    if (invitation === 'not_looked_up') return nothing('Invitations are not looked up either.');
    return invitation === null ? nothing('No invitation is open.') : 'Invited: let in, with the roles.';
  },
  'admit.invited:refuse': 'The invitation is for somebody else.',
  'admit.auto': ({ applies, auto_membership }) => {
    if (applies === true) return 'Auto-membership is on.';
    return nothing(auto_membership === false ? 'Auto-membership is off.' : 'Auto-membership does not apply here.');
  },
  'admit.not_a_member': 'No rule lets them in: refused.',
  'admit.sso_required': 'Break-glass: the password may be used.',
  'admit.sso_required:refuse': 'Only the company’s sign-in is allowed: refused.',
  'admit.user_blocked': 'The account is blocked: refused.',
  'act.post-login': 'The Action agrees.',
  'act.post-login:refuse': 'The Action says no: refused.',
  'commit.before_actions': 'Written before the Action ran.',
  'commit.one_transaction': 'All is written at once.',
  'commit.conflict:refuse': 'Something changed meanwhile: refused.',
};

const VERDICTS: Readonly<Record<TraceLine['answer'], Verdict>> = { pass: 'yes', refuse: 'no', ask: 'asks' };

/** Returns the sentence of a line. A rule without a text shows its name. */
export function toSentence({ stage, rule, answer, evidence }: TraceLine): Sentence {
  const words = WORDS[`${stage}.${rule}:${answer}`] ?? WORDS[`${stage}.${rule}`];
  const said = typeof words === 'function' ? words(evidence) : (words ?? `${rule.replaceAll('_', ' ')}.`);
  return typeof said === 'string' ? { says: said, verdict: VERDICTS[answer] } : said;
}
