/** Describes the triggers of Actions in words. The keys are the API's ids. Pure. */

interface TriggerWords {
  readonly name: string;
  /** Says when the Actions of this trigger run, and what they can decide. */
  readonly when: string;
  /**
   * The events in which the trigger's Actions run, such as "sign-ups". Used in sentences like "runs in all sign-ups".
   */
  readonly runs: string;
  readonly handler: string;
}

export const TRIGGER_WORDS = {
  'post-login': {
    name: 'Login',
    when: 'Runs at each sign-in and each token renewal, before anything is saved. It can refuse, add claims, or send the person to a page of yours.',
    runs: 'sign-ins',
    handler: 'onExecutePostLogin',
  },
  'organization-admission': {
    name: 'Admission to an organization',
    when: 'Runs for people without access to the organization, before anything is saved. It can admit them as members, with roles.',
    runs: 'sign-ins of people who are not members',
    handler: 'onExecuteOrganizationAdmission',
  },
  'login-post-identifier': {
    name: 'Email address entered',
    when: 'Runs after a person enters their email address. It can choose the connection or the organization.',
    runs: 'sign-ins that start with an email address',
    handler: 'onExecutePostIdentifier',
  },
  'pre-user-registration': {
    name: 'Before sign-up',
    when: 'Runs before a new account is created. It can refuse the account.',
    runs: 'sign-ups',
    handler: 'onExecutePreUserRegistration',
  },
  'post-user-registration': {
    name: 'After sign-up',
    when: 'Runs after a new account was created. It cannot refuse anything.',
    runs: 'sign-ups',
    handler: 'onExecutePostUserRegistration',
  },
  'post-change-password': {
    name: 'After password change',
    when: 'Runs after a person changed their password. It cannot refuse anything.',
    runs: 'password changes',
    handler: 'onExecutePostChangePassword',
  },
  'credentials-exchange': {
    name: 'Machine token',
    when: 'Runs when an application requests a token for itself. It can refuse, or add claims.',
    runs: 'machine tokens',
    handler: 'onExecuteCredentialsExchange',
  },
} as const satisfies Readonly<Record<string, TriggerWords>>;

export type TriggerId = keyof typeof TRIGGER_WORDS;

export const TRIGGER_IDS = Object.keys(TRIGGER_WORDS) as readonly TriggerId[];

/** True if `id` is a trigger that this table describes. */
export const isTrigger = (id: unknown): id is TriggerId => TRIGGER_IDS.some((known) => known === id);

/** Returns the words for a trigger. For an unknown id, returns the id as the name. */
export function sayTrigger(id: string): TriggerWords {
  return isTrigger(id) ? TRIGGER_WORDS[id] : { name: id, when: '', runs: 'executions', handler: '' };
}
