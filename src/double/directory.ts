/**
 * The directory (all stored data) as the Management API of an Auth0 tenant sees it. Removals of members take effect
 * later. Lists of members, user search and the log show an older state. All other reads and writes are immediate.
 */
import type { Directory, DirectoryStore } from '../ports/directory.js';
import type { DoubleFacts } from './facts.js';
import type { Lag } from './lag.js';
import { mergingMemberships } from './linking.js';
import { notingRemovals, type Removals } from './removals.js';

interface Parts {
  readonly facts: DoubleFacts;
  readonly removals: Removals;
  readonly lag: Lag;
  readonly now: () => Date;
}

type Changes = Parameters<typeof notingRemovals>[1];

/**
 * Wraps `store`. Lists of members, user search and the log are late; users-by-email and the read of one user are not
 * (docs/auth0-double.md).
 */
export function auth0Directory(store: DirectoryStore, { facts, removals, lag, now }: Parts): DirectoryStore {
  const wrap = (directory: Directory, changes: Changes): Directory =>
    mergingMemberships(notingRemovals(directory, changes), facts, now);
  return {
    ...store,
    members: {
      ...store.members,
      list: (organizationId, page) => lag.read((old) => old.members.list(organizationId, page)),
    },
    users: { ...store.users, search: (filter, page) => lag.read((old) => old.users.search(filter, page)) },
    logs: {
      ...store.logs,
      list: (filter, page) => lag.read((old) => old.logs.list(filter, page)),
      find: (logId) => lag.read((old) => old.logs.find(logId)),
    },
    transaction: (work) =>
      removals.during(async () => {
        let changes: Changes = [];
        const done = await store.transaction((directory) => {
          // Emptied here because the transaction's work may run again after a deadlock.
          changes = [];
          return work(wrap(directory, changes));
        });
        removals.apply(changes);
        return done;
      }),
  };
}
