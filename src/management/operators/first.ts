/**
 * Creates the first owner of a tenant. While there is no owner, the server prints a link at its start. The link leads
 * to a page that asks for an address and creates an ordinary invitation for it. It is valid until there is an owner, at
 * most a week. Nothing is stored before an address is given.
 */
import { addSeconds, type Clock } from '../../kernel/clock.js';
import { openToken, type SecretBox, sealToken } from '../../kernel/seal.js';
import type { Directory, DirectoryStore } from '../../ports/directory.js';
import type { ManagementDeps } from '../api/deps.js';
import { createInvitationOf } from './invite.js';

const CONTEXT = 'ticket:first_operator';
const LIFETIME_SECONDS = 604_800;
/** Maximum number of pending invitations that one link may create, each for another, perhaps mistyped, address. */
const MAX_PENDING = 100;

type Deps = Pick<ManagementDeps, 'directory' | 'ticketBox' | 'entropy' | 'strategies' | 'origin'> & {
  readonly clock: Clock;
};

/**
 * Creates the link for the first owner. Its holder may become the owner, so it is shown only in the operator's
 * terminal.
 */
export function createFirstLink({ origin, ticketBox, clock }: Pick<Deps, 'origin' | 'ticketBox' | 'clock'>): string {
  const until = addSeconds(clock.now(), LIFETIME_SECONDS).toISOString();
  return `${origin}/console/first?ticket=${sealToken(ticketBox, { until }, CONTEXT)}`;
}

/** True for a ticket of {@link createFirstLink} that has not expired. */
export function isFirstTicket(box: SecretBox, ticket: string, now: Date): boolean {
  const until = openToken(box, ticket, CONTEXT)?.until;
  return until !== undefined && new Date(until) > now;
}

/** True when the tenant has an operators' organization without an owner. */
export async function lacksOwner({ operators }: Pick<DirectoryStore, 'operators'>): Promise<boolean> {
  return (await operators.find()) !== undefined && !(await operators.hasOwner());
}

/**
 * Withdraws all earlier invitations. Returns false when there is an owner. Attack: somebody who has seen the link
 * enters their own address, and accepts the invitation after the tenant has data.
 */
async function withdrawOthers({ invitations, operators }: Directory, organizationId: string): Promise<boolean> {
  const { items } = await invitations.list(organizationId, { limit: MAX_PENDING });
  for (const { id } of items) await invitations.delete(organizationId, id);
  // Checked last: somebody may have accepted an invitation meanwhile, and the deletion above waited for that.
  return !(await operators.hasOwner());
}

/**
 * Invites the first owner, and returns the link of the invitation; undefined when there is an owner. One transaction,
 * under the lock for the last owner: of two concurrent uses of the link, the later one withdraws the invitation of the
 * earlier.
 */
export async function inviteFirst(deps: Deps, email: string): Promise<string | undefined> {
  const operators = await deps.directory.operators.find();
  if (operators === undefined) return undefined;
  const { organizationId } = operators;
  return deps.directory.transaction(async (directory) => {
    await directory.members.lockWaysIn({ organizationId });
    if (!(await withdrawOthers(directory, organizationId))) return undefined;
    const inside: Deps = { ...deps, directory: { ...directory, transaction: (work) => work(directory) } };
    return (await createInvitationOf(inside, operators, { email, role: 'owner' }, deps.clock.now())).url;
  });
}
