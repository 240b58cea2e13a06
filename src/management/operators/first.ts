/**
 * The first owner of a tenant: a link that the server prints at its start while nobody is one. It leads to a page that asks for an address and
 * makes an ordinary invitation for it. Good until there is an owner, for a week at most; nothing is stored until an address is given.
 */
import { addSeconds, type Clock } from '../../kernel/clock.js';
import { openToken, type SecretBox, sealToken } from '../../kernel/seal.js';
import type { Directory, DirectoryStore } from '../../ports/directory.js';
import type { ManagementDeps } from '../api/deps.js';
import { createInvitationOf } from './invite.js';

const CONTEXT = 'ticket:first_operator';
const LIFETIME_SECONDS = 604_800;
/** Most invitations that one link can leave behind, when addresses are typed wrongly. */
const MAX_PENDING = 100;

type Deps = Pick<ManagementDeps, 'directory' | 'ticketBox' | 'entropy' | 'strategies' | 'origin'> & {
  readonly clock: Clock;
};

/** The link. Its holder may become the owner, so it goes to the operator's terminal and nowhere else. */
export function createFirstLink({ origin, ticketBox, clock }: Pick<Deps, 'origin' | 'ticketBox' | 'clock'>): string {
  const until = addSeconds(clock.now(), LIFETIME_SECONDS).toISOString();
  return `${origin}/console/first?ticket=${sealToken(ticketBox, { until }, CONTEXT)}`;
}

/** True for a ticket of {@link createFirstLink} whose week is not over. */
export function isFirstTicket(box: SecretBox, ticket: string, now: Date): boolean {
  const until = openToken(box, ticket, CONTEXT)?.until;
  return until !== undefined && new Date(until) > now;
}

/** True where the tenant has an organization of operators and nobody owns it yet. A rehearsal tenant has none. */
export async function lacksOwner({ operators }: Pick<DirectoryStore, 'operators'>): Promise<boolean> {
  return (await operators.find()) !== undefined && !(await operators.hasOwner());
}

/**
 * Withdraws the invitations that were made before; false where somebody is an owner. Attack stopped here: somebody who saw the link typed an
 * address of their own, and waits until there is something to own.
 */
async function withdrawOthers({ invitations, operators }: Directory, organizationId: string): Promise<boolean> {
  const { items } = await invitations.list(organizationId, { limit: MAX_PENDING });
  for (const { id } of items) await invitations.delete(organizationId, id);
  // One of them may have been accepted meanwhile: its withdrawal waited for that.
  return !(await operators.hasOwner());
}

/**
 * Invites the first owner and returns the link of the invitation; undefined once there is one. In one transaction, under the lock of the last
 * owner: of two who use the link at once the later one withdraws the invitation of the earlier, too.
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
