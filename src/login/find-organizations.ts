/**
 * Which organizations may who was proved without one enter? For the picker. The steps themselves decide, tried for each organization
 * without the commit; the tenant's code is not asked, and nothing is written.
 */
import { parseEmail } from '../domain/email.js';
import { fingerprintOf, type Organization } from '../domain/tenant.js';
import { identify } from './1-identify.js';
import { authenticate } from './2-authenticate.js';
import { resolve } from './3-resolve.js';
import { admit } from './4-admit.js';
import type { PipelineDeps } from './pipeline.js';
import type { Proved, ProvedCredential } from './prove-only.js';
import type { Attempt, Credential, Identified } from './stages.js';
import { newTrace } from './trace.js';

/** The connection over which it was proved. */
export function connectionIdOf(credential: ProvedCredential): string {
  if (credential.kind === 'identity') return credential.identity.connectionId;
  return credential.kind === 'session' ? credential.session.connectionId : credential.connectionId;
}

/**
 * What was proved without an organization, for one. The connection must be as it was (story 28); how the organization uses it has only now
 * become ground, which the commit looks at again.
 */
export function atOrganization(credential: ProvedCredential, { connections }: Identified): Credential {
  // A session is good for whatever its connection is today, here as everywhere.
  if (credential.kind === 'session') return credential;
  const enablement = connections.find((item) => item.connection.id === connectionIdOf(credential));
  if (enablement === undefined || credential.fingerprint !== fingerprintOf(enablement.connection, undefined))
    return credential;
  return { ...credential, fingerprint: fingerprintOf(enablement.connection, enablement) };
}

interface Entrance {
  readonly organization: Organization;
  readonly rule: string;
}

/** Steps 1 to 4 for one organization. A question to the person is a way in, too. */
async function tryOne(
  attempt: Attempt,
  organizationId: string,
  credential: ProvedCredential,
  deps: PipelineDeps,
): Promise<Entrance | undefined> {
  const trace = newTrace();
  const identified = await identify({ ...attempt, organizationId }, deps.reads, trace);
  if ('kind' in identified || identified.organization === undefined) return undefined;
  const { organization } = identified;
  const here = { ...attempt, organizationId, credential: atOrganization(credential, identified) };
  const authenticated = await authenticate(here, identified, deps, trace);
  if ('kind' in authenticated) return undefined;
  const resolved = await resolve(authenticated, attempt.at, deps.reads, trace);
  if ('kind' in resolved) return resolved.kind === 'ask' ? { organization, rule: 'ask' } : undefined;
  const admitted = admit(resolved, attempt.at, trace);
  if (!('kind' in admitted)) return { organization, rule: admitted.admission.rule };
  // To sign in again is a way in, too; the trace says what would let the person in then.
  const again = admitted.code === 'authenticate.session_not_usable' ? trace.lines.at(-1)?.rule : undefined;
  return again === undefined ? undefined : { organization, rule: again };
}

export interface Choices {
  readonly organizations: readonly Organization[];
  /** The only organization that enabled the connection: when it admits nobody, its own answer is the one to give. */
  readonly onlyOne: string | undefined;
}

/**
 * Those that the person belongs to and that this way in may enter; else those where the rules would let him in. Auto-membership counts only
 * where a single organization has it on for the connection (Auth0, "Login flows for organizations").
 */
export async function findChoices(
  attempt: Attempt,
  { credential, email }: Omit<Proved, 'kind'>,
  deps: PipelineDeps,
): Promise<Choices> {
  const connectionId = connectionIdOf(credential);
  const { reads } = deps;
  if (credential.kind !== 'identity') {
    const userId = credential.kind === 'session' ? credential.session.userId : credential.userId;
    const joined = await reads.listEnterableOrganizations({ userId, connectionId });
    if (joined.length > 0) return { organizations: joined, onlyOne: undefined };
  }
  const identity = credential.kind === 'identity' ? credential.identity : undefined;
  const { candidates, autoMemberships, onlyOne } = await reads.listLikelyOrganizations({
    connectionId,
    subject: identity?.subject,
    email: identity ? parseEmail(identity.email) : email,
  });
  const tried = await Promise.all(candidates.map((id) => tryOne(attempt, id, credential, deps)));
  const organizations = tried
    .filter((entrance) => entrance !== undefined)
    .filter((entrance) => entrance.rule !== 'auto' || autoMemberships === 1)
    .map((entrance) => entrance.organization);
  return { organizations, onlyOne };
}
