/**
 * The one click of story 36: Acme requires a second factor, and the way back. Calls the Management API alone, with the
 * same requests as the console's button *Require a second factor*.
 */
import type { LogLine, Operator, Tenant } from '../operator.js';
import { restoreMember } from '../operator.js';
import { CAST } from '../people.js';

/** The factors that the console's click switches on. */
const FACTORS = ['otp', 'webauthn-platform', 'recovery-code'];

const pathOf = ({ acmeId }: Tenant): string => `/organizations/${acmeId}`;

/** Requires a second factor from all members of Acme. */
export async function requireFactor(operator: Operator, tenant: Tenant): Promise<void> {
  for (const name of FACTORS) await operator.call('PUT', `/guardian/factors/${name}`, { enabled: true });
  await operator.call('PATCH', pathOf(tenant), { mfa: 'required' });
}

/** Requires none any more, as every other story expects. Factors of people stay. */
export async function requireNone(operator: Operator, tenant: Tenant): Promise<void> {
  if (await isRequired(operator, tenant)) await operator.call('PATCH', pathOf(tenant), { mfa: 'none' });
}

export async function isRequired(operator: Operator, tenant: Tenant): Promise<boolean> {
  return (await operator.call<{ mfa?: string }>('GET', pathOf(tenant))).mfa === 'required';
}

/** Makes Nora a member of Acme with a password and without a factor. Returns the user id. */
export function restoreNora(operator: Operator, tenant: Tenant): Promise<string> {
  return restoreMember(operator, tenant, CAST.nora);
}

/** The lines of the log that belong to the story, in plain words. Others, such as the demo's own calls, are left out. */
const WORDS: Readonly<Record<string, string>> = {
  s: 'signed in',
  f: 'was refused',
  gd_enrollment_complete: 'set up a second factor',
  gd_auth_succeed: 'passed the second factor',
  gd_recovery_succeed: 'used a recovery code',
  gd_unenroll: 'removed a second factor',
  slo: 'was signed out elsewhere, on the account page',
};

/** A line of the log, as the page shows it. */
export interface ToldLine {
  readonly id: string;
  readonly type: string;
  readonly says: string;
  /** The rule that refused, and the number to quote. */
  readonly code: string | undefined;
  readonly reference: string | undefined;
  readonly at: string;
}

/** Returns the story's lines after `since`, the newest first. */
export async function readLog(operator: Operator, since: string | undefined): Promise<readonly ToldLine[]> {
  const path = '/logs?per_page=100&sort=date:-1';
  const lines = await operator.call<(LogLine & { readonly date?: string })[]>('GET', path);
  const end = lines.findIndex((line) => line.log_id === since);
  return (end < 0 ? lines : lines.slice(0, end)).flatMap(({ log_id, type, date = '', details }) => {
    const says = WORDS[type];
    const { code, reference } = details ?? {};
    return says === undefined
      ? []
      : [{ id: log_id, type, says, code: type === 'f' ? code : undefined, reference, at: date.slice(11, 19) }];
  });
}
