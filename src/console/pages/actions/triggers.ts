/** The triggers of Actions in words. Their ids are the API's. Pure. */

interface TriggerWords {
  readonly name: string;
  /** When the trigger's Actions run, and what they decide. */
  readonly when: string;
  /** Word for the trigger's executions, as in "N logins a day". */
  readonly runs: string;
  readonly handler: string;
}

export const TRIGGER_WORDS = {
  'post-login': {
    name: 'Login',
    when: 'At each login and each renewal of its tokens, before anything is written. May refuse, add claims, or ask a page of yours between.',
    runs: 'logins',
    handler: 'onExecutePostLogin',
  },
  'organization-admission': {
    name: 'Admission to an organization',
    when: 'For a person whom no rule lets in, before anything is written. May let them in, with roles.',
    runs: 'logins of people who are not members',
    handler: 'onExecuteOrganizationAdmission',
  },
  'login-post-identifier': {
    name: 'Address was entered',
    when: 'After a person typed their address. May choose the connection or the organization.',
    runs: 'logins that begin with an address',
    handler: 'onExecutePostIdentifier',
  },
  'pre-user-registration': {
    name: 'Before a registration',
    when: 'Before a person’s account is made. May refuse it.',
    runs: 'registrations',
    handler: 'onExecutePreUserRegistration',
  },
  'post-user-registration': {
    name: 'After a registration',
    when: 'After an account was made, beside the login: it refuses nothing.',
    runs: 'registrations',
    handler: 'onExecutePostUserRegistration',
  },
  'post-change-password': {
    name: 'After a change of password',
    when: 'After a person chose another password: it refuses nothing.',
    runs: 'changes of a password',
    handler: 'onExecutePostChangePassword',
  },
  'credentials-exchange': {
    name: 'Token for a machine',
    when: 'Each time that an application asks for a token of its own. May refuse, and add claims.',
    runs: 'tokens for machines',
    handler: 'onExecuteCredentialsExchange',
  },
} as const satisfies Readonly<Record<string, TriggerWords>>;

export type TriggerId = keyof typeof TRIGGER_WORDS;

export const TRIGGER_IDS = Object.keys(TRIGGER_WORDS) as readonly TriggerId[];

/** True for the id of a trigger that this table describes. */
export const isTrigger = (id: unknown): id is TriggerId => TRIGGER_IDS.some((known) => known === id);

/** Returns the words for a trigger, or its id where there are none. */
export function sayTrigger(id: string): TriggerWords {
  return isTrigger(id) ? TRIGGER_WORDS[id] : { name: id, when: '', runs: 'executions', handler: '' };
}
