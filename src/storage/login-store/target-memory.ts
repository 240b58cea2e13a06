/**
 * Finds the target of a login, from memory while the database has the same settings. Part of the login store. Keeps no
 * invitation.
 */
import { assert } from '../../kernel/assert.js';
import type { LoginTarget, TargetQuery } from '../../ports/login-store.js';
import { createSettingsMemory } from '../settings-memory.js';
import { run } from './query.js';
import { type ConnectionReads, readTarget } from './target.js';

/** Reads the revision of all settings that a target consists of. */
const FIND_REVISION = {
  name: 'login-find-revision',
  text: 'select revision from settings_revision where id = 1',
};

/** The memory of one store for targets. */
export type TargetMemory = ReturnType<typeof createSettingsMemory<LoginTarget | undefined>>;

/** Creates an empty memory, which asks `pool` before it answers. */
export function createTargetMemory({ pool, clock }: Pick<ConnectionReads, 'pool' | 'clock'>): TargetMemory {
  const readRevision = async () => {
    const [row] = await run<{ revision: string }>(pool, FIND_REVISION, []);
    assert(row, 'the revision has its row from its migration on');
    return row.revision;
  };
  return createSettingsMemory(readRevision, clock);
}

/** Returns whether everything that the query names was found. Attack: requests with invented names fill the memory. */
function isFound(target: LoginTarget, { organization, homeRealm }: TargetQuery): boolean {
  return (
    target.audienceKnown &&
    (organization === undefined || target.organization !== undefined) &&
    (homeRealm === undefined || target.connections.some(({ connection }) => connection.id === homeRealm))
  );
}

/** Returns when the first proof of a domain expires, in epoch milliseconds. */
function firstExpiry({ connections }: LoginTarget): number {
  const proofs = connections.flatMap(({ proofs = {} }) => Object.values(proofs));
  return Math.min(...proofs.map(({ expiresAt }) => expiresAt?.getTime() ?? Number.POSITIVE_INFINITY));
}

/** Implements {@link LoginReads.findTarget}. An invitation is read each time. */
export async function findTarget(
  from: ConnectionReads,
  memory: TargetMemory,
  query: TargetQuery,
): Promise<LoginTarget | undefined> {
  if (query.invitationTicket !== undefined) return (await readTarget(from, query)).target;
  const { clientId, organization = null, audience = null, homeRealm = null } = query;
  const key = JSON.stringify([clientId, organization, audience, homeRealm]);
  return memory(key, async () => {
    const { target, revision } = await readTarget(from, query);
    return {
      value: target,
      revision,
      mayBeKept: target !== undefined && isFound(target, query),
      ...(target && { changesAtMs: firstExpiry(target) }),
    };
  });
}
