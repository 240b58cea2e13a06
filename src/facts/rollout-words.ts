/**
 * Words of a rollout plan: for each class of people, and for each effect that a second factor has on them. The command,
 * its page and the console show them. Pure data.
 */

export interface ClassWords {
  /** Title of the class in tables. */
  readonly title: string;
  /** Why a person is in the class, as a sentence. */
  readonly why: string;
  /** The first sign-in of these people after the rollout, as they see it. */
  readonly sees: string;
  /** True where an administrator should look at these people. */
  readonly human: boolean;
}

/** Texts for each class, and whether an administrator should look at its people. */
export const CLASS_WORDS = {
  silent: {
    title: 'linked silently',
    why: 'One member of this organization alone, with a verified address: an identity is prepared, and bound at the first sign-in that confirms the address.',
    sees: 'Signs in at the company and is in, as the same user.',
    human: false,
  },
  overruled: {
    title: 'linked by the operator’s word',
    why: 'The linking rule would ask for a proof; the operator named this person and takes responsibility.',
    sees: 'Signs in at the company and is in, as the same user.',
    human: false,
  },
  linked: {
    title: 'already linked',
    why: 'Has an identity at this connection that was used.',
    sees: 'Signs in at the company, as today.',
    human: false,
  },
  prepared: {
    title: 'already prepared',
    why: 'An identity at this connection is prepared and waits for its first sign-in.',
    sees: 'Signs in at the company and is in, as the same user.',
    human: false,
  },
  proof: {
    title: 'asked for a proof',
    why: 'Never showed a password or a code of this account in a login into this organization, and the organization has not verified the domain: the membership alone is no evidence (linking rule, part 7).',
    sees: 'Signs in at the company, then shows once that the old account is theirs: by its password, or by a code from a mail.',
    human: false,
  },
  several_organizations: {
    title: 'also in another organization',
    why: 'A member of several organizations: one company’s identity provider must not hand over a membership of another company (linking rule, part 7).',
    sees: 'Signs in at the company, then shows once that the old account is theirs: by its password, or by a code from a mail.',
    human: true,
  },
  unverified: {
    title: 'address unverified',
    why: 'Nobody has verified the address of this account (linking rule, part 5).',
    sees: 'Signs in at the company, then shows once that the old account is theirs: by its password, or by a code from a mail.',
    human: true,
  },
  other_domain: {
    title: 'address in another domain',
    why: 'The address is in no domain of this rollout, so home realm discovery does not lead to this connection.',
    sees: 'Signs in with the password, as today.',
    human: true,
  },
  no_subject: {
    title: 'no subject known',
    why: 'Auth0 can prepare an identity only by the identity provider’s own id of the person, and the directory does not tell it.',
    sees: 'Is a stranger at the first sign-in at the company, unless the guard links them.',
    human: true,
  },
  not_in_directory: {
    title: 'not in the directory',
    why: 'The company’s directory does not list the address, so the identity provider does not know this person.',
    sees: 'Signs in with the password as long as passwords are allowed, or as break-glass; afterwards not at all.',
    human: true,
  },
  inactive_in_directory: {
    title: 'inactive in the directory',
    why: 'The company’s directory lists the address as inactive.',
    sees: 'Cannot sign in at the company. Keeps the password as long as passwords are allowed.',
    human: true,
  },
  several_candidates: {
    title: 'several accounts',
    why: 'Several members of this organization have this address: no rule can tell which one the identity provider means (linking rule, part 5).',
    sees: 'Is refused at the company’s sign-in. Keeps the password as long as passwords are allowed.',
    human: true,
  },
  collides: {
    title: 'address collides',
    why: 'Another account with this address has an identity at this connection already, and would be signed in instead.',
    sees: 'Is signed in as the other account, and refused. Keeps the password as long as passwords are allowed.',
    human: true,
  },
  subject_taken: {
    title: 'subject of another member',
    why: 'Another member has the subject that the directory gives for this address: the identity provider means one of the two.',
    sees: 'Is signed in as the other member. Keeps the password as long as passwords are allowed.',
    human: true,
  },
  other_subject: {
    title: 'linked to another subject',
    why: 'Is linked to a subject that the directory does not list for this address: IT may have recreated the account.',
    sees: 'Is refused as a stranger when they come with the new subject, until the operator moves their membership.',
    human: true,
  },
  no_address: {
    title: 'no usable address',
    why: 'The account has no plain e-mail address.',
    sees: 'Signs in as today.',
    human: true,
  },
  blocked: {
    title: 'blocked',
    why: 'The account is blocked, and stays so.',
    sees: 'Cannot sign in.',
    human: true,
  },
  unknown: {
    title: 'in the directory only',
    why: 'The company’s directory lists the address, and no member has it.',
    sees: 'Is a stranger: refused, and leaves nothing. Invite them if they should come.',
    human: false,
  },
} satisfies Readonly<Record<string, ClassWords>>;

/** Titles of the effects of a second factor, and the next sign-in of these people, in the order of tables. */
export const FACTOR_WORDS = {
  asked: { title: 'asked for their factor', sees: 'Have a second factor, and are asked for it.' },
  sets_up: { title: 'set one up', sees: 'Have none, and must set one up in that sign-in.' },
  refused: {
    title: 'refused without one',
    sees: 'Have none that counts. A company’s sign-in sets up none for an account with a password: send them a link to set one up first, or use required_unless_idp.',
  },
  company_checks: {
    title: 'not asked: the company checks',
    sees: 'Are not asked, as long as the company’s sign-in says that it checked a second factor (amr).',
  },
  not_asked: { title: 'not asked', sees: 'Sign in without a second factor.' },
} satisfies Readonly<Record<string, Pick<ClassWords, 'title' | 'sees'>>>;
