/** Ends sessions that people choose on the page of their account, with the refresh tokens that belong to them. */
import { newLogId } from '../../kernel/ids.js';
import type { SessionRecord } from '../../ports/directory/sessions.js';
import type { Directory } from '../../ports/directory.js';
import type { Asker, OwnDeps } from './changes.js';
import { findBarrier, findPerson, type Person } from './person.js';

/** Most sessions that are ended at once. */
const MOST = 1_000;

async function end({ entropy }: OwnDeps, { userId, from }: Asker, directory: Directory, id: string, at: Date) {
  await directory.sessions.revoke(id, at);
  await directory.ledger.append({
    logId: newLogId(entropy, at),
    date: at,
    type: 'slo',
    description: 'Signed out on the page of the account',
    userId,
    ip: from.ip,
    ...(from.userAgent !== undefined && { userAgent: from.userAgent }),
    details: { session_id: id },
  });
}

/**
 * True if the person may see and end `session`. Attack: an administrator of a company signs in as one of their people, and
 * watches or ends what the person does by their password or at another company.
 */
export function sees(person: Person, { connectionId }: Pick<SessionRecord, 'connectionId'>, at: Date): boolean {
  return findBarrier(person, at) !== 'company' || connectionId === person.session?.connectionId;
}

/** Ends one session of the person. Does nothing for an unknown one. */
export async function endOwnSession(deps: OwnDeps, asker: Asker, id: string): Promise<void> {
  const at = deps.clock.now();
  await deps.directory.transaction(async (directory) => {
    const person = await findPerson(directory, asker, at);
    const session = await directory.sessions.find(id, at);
    // Attack: the id of another person's session.
    if (person && session?.userId === asker.userId && sees(person, session, at))
      await end(deps, asker, directory, id, at);
  });
}

/** Revokes all sessions of the person except the one of the request. */
export async function endOtherSessions(deps: OwnDeps, asker: Asker): Promise<void> {
  const at = deps.clock.now();
  await deps.directory.transaction(async (directory) => {
    const person = await findPerson(directory, asker, at);
    const { items } = await directory.sessions.list(asker.userId, at, { limit: MOST });
    for (const session of items)
      if (person && session.id !== asker.sessionId && sees(person, session, at))
        await end(deps, asker, directory, session.id, at);
  });
}
