/**
 * Finds the organizations that a person may enter, for the picker: the page where somebody who signed in without naming
 * an organization chooses one. Runs the steps for each organization, without the commit and without tenant code. Writes
 * nothing.
 */
import { type Email, parseEmail } from '../domain/people/email.js';
import { isClosedToApplication, type Organization } from '../domain/tenant.js';
import { proverOf } from './2-authenticate.js';
import type { PipelineDeps } from './pipeline.js';
import { isStop } from './refusals.js';
import type { Attempt, Credential } from './stages.js';
import { findAdmission } from './steps.js';
import { newTrace } from './trace.js';

/** The kinds of proof with which a login can go on after the person picked an organization. */
export type PickerCredential = Extract<Credential, { readonly kind: 'known' | 'identity' | 'session' }>;

/** Returns the id of the connection that the proof came from. */
export function connectionIdOf(credential: PickerCredential): string {
  if (credential.kind === 'identity') return credential.identity.connectionId;
  return credential.kind === 'session' ? credential.session.connectionId : credential.connectionId;
}

interface Entrance {
  readonly organization: Organization;
  readonly rule: string;
}

/**
 * Runs steps 1 to 4 for one organization. Counts an organization that would first ask the person a question as one that
 * they can enter.
 */
async function tryOne(attempt: Attempt, organizationId: string, deps: PipelineDeps): Promise<Entrance | undefined> {
  const trace = newTrace();
  const here: Attempt = { ...attempt, organizationId, picker: 'after' };
  const steps = { attempt: here, prover: proverOf(deps), reads: deps.reads, trace };
  const { identified, resolved, answer } = await findAdmission(steps);
  const organization = identified?.organization;
  if (organization === undefined) return undefined;
  if (!isStop(answer)) return { organization, rule: answer.admission.rule };
  if (answer.kind === 'ask') return { organization, rule: 'ask' };
  // An organization that requires a new sign-in counts too. The trace's last line names the rule that will apply.
  const again =
    resolved && answer.kind === 'refused' && answer.code === 'authenticate.session_not_usable'
      ? trace.lines.at(-1)?.rule
      : undefined;
  return again === undefined ? undefined : { organization, rule: again };
}

export interface Choices {
  readonly organizations: readonly Organization[];
  /**
   * Set if exactly one organization has enabled the connection: its refusal is shown when no organization admits the
   * person.
   */
  readonly onlyOne: string | undefined;
}

/**
 * Returns the organizations that the person belongs to and may enter over this connection; if none, those whose rules
 * would admit them. Auto-membership counts only where a single organization has enabled it for the connection (Auth0,
 * "Login flows for organizations").
 */
export async function findChoices(
  attempt: Attempt & { readonly credential: PickerCredential },
  email: Email | undefined,
  deps: PipelineDeps,
): Promise<Choices> {
  const { credential } = attempt;
  const connectionId = connectionIdOf(credential);
  const { reads } = deps;
  if (credential.kind !== 'identity') {
    const userId = credential.kind === 'session' ? credential.session.userId : credential.userId;
    const joined = await reads.listEnterableOrganizations({ userId, connectionId });
    const open = joined.filter((one) => !isClosedToApplication(one, attempt.request.clientId));
    if (open.length > 0) return { organizations: open, onlyOne: undefined };
  }
  const identity = credential.kind === 'identity' ? credential.identity : undefined;
  const { candidates, autoMemberships, onlyOne } = await reads.listLikelyOrganizations({
    connectionId,
    subject: identity?.subject,
    email: identity ? parseEmail(identity.email) : email,
  });
  const tried = await Promise.all(candidates.map((id) => tryOne(attempt, id, deps)));
  const organizations = tried
    .filter((entrance) => entrance !== undefined)
    .filter((entrance) => entrance.rule !== 'auto' || autoMemberships === 1)
    .map((entrance) => entrance.organization);
  return { organizations, onlyOne };
}
