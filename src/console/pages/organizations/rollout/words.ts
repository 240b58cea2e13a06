/**
 * Words for the classes of people in a plan, for what a second factor changes, and for the marks of a journal. A test
 * compares them with those of `vestibule rollout`.
 */

export interface ClassWords {
  readonly title: string;
  /** Describes how the people of this class experience their first sign-in after the rollout. */
  readonly sees: string;
}

const ASKED =
  'Signs in at the company, then shows once that the old account is theirs: by its password, or by a code from a mail.';
const SILENT = 'Signs in at the company and is in, as the same user.';

export const CLASS_WORDS: Readonly<Record<string, ClassWords>> = {
  silent: { title: 'linked silently', sees: SILENT },
  overruled: { title: 'linked by the operator’s word', sees: SILENT },
  linked: { title: 'already linked', sees: 'Signs in at the company, as today.' },
  prepared: { title: 'already prepared', sees: SILENT },
  proof: { title: 'asked for a proof', sees: ASKED },
  several_organizations: { title: 'also in another organization', sees: ASKED },
  unverified: { title: 'address unverified', sees: ASKED },
  other_domain: { title: 'address in another domain', sees: 'Signs in with the password, as today.' },
  no_subject: {
    title: 'no subject known',
    sees: 'Is a stranger at the first sign-in at the company, unless the guard links them.',
  },
  not_in_directory: {
    title: 'not in the directory',
    sees: 'Signs in with the password as long as passwords are allowed, or as break-glass; afterwards not at all.',
  },
  inactive_in_directory: {
    title: 'inactive in the directory',
    sees: 'Cannot sign in at the company. Keeps the password as long as passwords are allowed.',
  },
  several_candidates: {
    title: 'several accounts',
    sees: 'Is refused at the company’s sign-in. Keeps the password as long as passwords are allowed.',
  },
  collides: {
    title: 'address collides',
    sees: 'Is signed in as the other account, and refused. Keeps the password as long as passwords are allowed.',
  },
  subject_taken: {
    title: 'subject of another member',
    sees: 'Is signed in as the other member. Keeps the password as long as passwords are allowed.',
  },
  other_subject: {
    title: 'linked to another subject',
    sees: 'Is refused as a stranger when they come with the new subject, until the operator moves their membership.',
  },
  no_address: { title: 'no usable address', sees: 'Signs in as today.' },
  blocked: { title: 'blocked', sees: 'Cannot sign in.' },
  unknown: {
    title: 'in the directory only',
    sees: 'Is a stranger: refused, and leaves nothing. Invite them if they should come.',
  },
};

/** Words for what a second factor changes, in the order in which the page lists them. */
export const FACTOR_WORDS: Readonly<Record<string, ClassWords>> = {
  asked: { title: 'asked for their factor', sees: 'Have a second factor, and are asked for it.' },
  sets_up: { title: 'set one up', sees: 'Have none, and must set one up in that sign-in.' },
  refused: {
    title: 'refused without one',
    sees: 'Have none that counts. A company’s sign-in sets up none for an account with a password: let them set one up on /account first, or use required_unless_idp.',
  },
  company_checks: {
    title: 'not asked: the company checks',
    sees: 'Are not asked, as long as the company’s sign-in says that it checked a second factor (amr).',
  },
  not_asked: { title: 'not asked', sees: 'Sign in without a second factor.' },
};

const MARKS: Readonly<Record<string, string>> = {
  begun: 'begun: run the command again',
  done: 'done',
  skipped: 'skipped',
  failed: 'failed',
  undoing: 'being taken back',
  undone: 'taken back',
  kept: 'kept at the rollback',
};

export const sayClass = (name: string): string => CLASS_WORDS[name]?.title ?? name;
export const sayFactor = (effect: string): string => FACTOR_WORDS[effect]?.title ?? effect;
export const sayMark = (mark: string | undefined): string => (mark === undefined ? 'waiting' : (MARKS[mark] ?? mark));
