/** The words for log lines and recorded steps about second factors. Words only. */

interface FactorLine {
  readonly label: string;
  /** The sentence of the line: `who` is the person, `what` is the kind of the factor. */
  says(who: string, what: string): string;
}

/** Log lines about factors, by Auth0's type codes. */
export const FACTOR_LINES: Readonly<Record<string, FactorLine>> = {
  gd_auth_succeed: {
    label: 'second factor passed',
    says: (who, what) => `${who} passed their second factor: ${what}`,
  },
  gd_recovery_succeed: { label: 'recovery code used', says: (who) => `${who} used their recovery code` },
  gd_enrollment_complete: {
    label: 'second factor added',
    says: (who, what) => `${who} got a second factor: ${what}`,
  },
  gd_unenroll: {
    label: 'second factor removed',
    says: (who, what) => `A second factor of ${who} was removed: ${what}`,
  },
  gd_update_device_account: {
    label: 'second factor renamed',
    says: (who, what) => `A second factor of ${who} was renamed: ${what}`,
  },
};

type Evidence = Readonly<Record<string, unknown>>;

/** Why a factor was needed, by `reason` in the evidence. */
const REASONS: Readonly<Record<string, string>> = {
  binding: 'an identity is linked to an account that has a second factor',
  application: 'the application asked for a second factor',
  organization: 'the organization requires a second factor',
  tenant: 'everybody needs a second factor',
};

/** How an earlier proof satisfied the rule, by `by` in the evidence. */
const EARLIER: Readonly<Record<string, string>> = {
  session: 'They passed it earlier in this session.',
  remembered_browser: 'This browser is remembered.',
};

const becauseOf = (reason: unknown): string => {
  const words = typeof reason === 'string' ? REASONS[reason] : undefined;
  return words === undefined ? '' : `, because ${words}`;
};

function pass({ reason, by, enrols, factors }: Evidence): string {
  if (enrols !== undefined) return 'They set up a second factor.';
  if (factors === 'of_nobody_known') return 'The account has no second factor to ask for.';
  const earlier = typeof by === 'string' ? EARLIER[by] : undefined;
  if (earlier !== undefined) return `A second factor was needed${becauseOf(reason)}. ${earlier}`;
  return 'The second factor is correct.';
}

function ask({ reason, asks, tries_left: left }: Evidence): string {
  if (typeof left === 'number') return `The second factor was wrong; ${left} tries were left.`;
  if (asks === 'enrol') return `They were asked to set up a second factor${becauseOf(reason)}.`;
  if (asks === 'recovery_code') return 'They were shown their new recovery code.';
  return `They were asked for their second factor${becauseOf(reason)}.`;
}

function refuse({ reason, accepts, asks }: Evidence): string {
  if (asks !== undefined) return `A second factor was needed${becauseOf(reason)}, and the application allowed no page.`;
  if (accepts !== undefined)
    return `A second factor was needed${becauseOf(reason)}. They have none that is accepted, and could not set one up here.`;
  return 'The second factor was wrong, too often, or used before.';
}

/** The words for the rule `second_factor`, in the form of rule-words.ts. */
export const FACTOR_RULES = {
  'authenticate.second_factor': pass,
  'authenticate.second_factor:ask': ask,
  'authenticate.second_factor:refuse': refuse,
};
