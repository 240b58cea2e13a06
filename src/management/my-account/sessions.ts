/** Ends sessions that people choose on the page of their account, with the refresh tokens that belong to them. */
import { newLogId } from '../../kernel/ids.js';
import type { Directory } from '../../ports/directory.js';
import type { Asker, OwnDeps } from './changes.js';

/** Most sessions that are ended at once. */
const MOST = 1_000;

async function end({ entropy }: OwnDeps, { userId, from }: Asker, directory: Directory, id: string, at: Date) {
  const session = await directory.sessions.find(id, at);
  // Attack: the id of another person's session.
  if (session?.userId !== userId) return;
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

/** Ends one session of the person. Does nothing for an unknown one. */
export async function endOwnSession(deps: OwnDeps, asker: Asker, id: string): Promise<void> {
  const at = deps.clock.now();
  await deps.directory.transaction((directory) => end(deps, asker, directory, id, at));
}

/** Revokes all sessions of the person except the one of the request. */
export async function endOtherSessions(deps: OwnDeps, asker: Asker): Promise<void> {
  const at = deps.clock.now();
  await deps.directory.transaction(async (directory) => {
    const { items } = await directory.sessions.list(asker.userId, at, { limit: MOST });
    for (const { id } of items) if (id !== asker.sessionId) await end(deps, asker, directory, id, at);
  });
}
