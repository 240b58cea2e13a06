/** The words for log lines about second factors. Words only. */

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
  gd_start_enroll: {
    label: 'set-up started',
    says: (who, what) => `${who} started to set up a second factor: ${what}`,
  },
  gd_send_email: {
    label: 'code mailed',
    says: (who) => `A code by mail was sent for ${who}`,
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
