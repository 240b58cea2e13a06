/**
 * Finds removals of members that were still pending in a double's memory when it was killed. The log has each removal,
 * since its line is written with the answer. If the member is still there, the removal was not done. Reads only. Never
 * returns a person who joined after the removal.
 */

import type { LogRecord } from '../ports/directory/logs.js';
import type { Directory } from '../ports/directory.js';
import type { DoubleFacts } from './facts.js';

/** A requested removal of a member, with the time of the request. */
export interface Removal {
  readonly organizationId: string;
  readonly userId: string;
  readonly at: Date;
}

/** Maximum number of log lines of API writes that are read, the newest ones. */
const MOST_LINES = 1_000;

interface Request {
  readonly method?: unknown;
  readonly path?: unknown;
  readonly body?: { readonly members?: unknown };
}

/** Returns the members that a log line's request added or removed. Undefined for any other line. */
function toChange({ details }: LogRecord): { kind: string; organizationId: string; userIds: string[] } | undefined {
  const { method, path, body } = (details.request ?? {}) as Request;
  const organizationId = /^\/api\/v2\/organizations\/([^/]+)\/members$/.exec(String(path))?.[1];
  if (organizationId === undefined || !Array.isArray(body?.members)) return undefined;
  return { kind: String(method), organizationId, userIds: body.members.map(String) };
}

/**
 * Returns the removals whose request was answered but which were not done. Excludes people who joined after the request
 * (their membership is newer). Excludes members who were added again while the removal was pending, if such an addition
 * cancels the removal according to `facts`.
 */
export async function findForgotten(
  { logs, members }: Pick<Directory, 'logs' | 'members'>,
  facts: DoubleFacts,
): Promise<readonly Removal[]> {
  const page = { limit: MOST_LINES, newestFirst: true, count: false };
  const { items } = await logs.list({ types: ['sapi'] }, page);
  const added = new Set<string>();
  const forgotten: Removal[] = [];
  for (const line of items) {
    const change = toChange(line);
    if (change === undefined) continue;
    const { kind, organizationId, userIds } = change;
    for (const userId of userIds) {
      const key = `${organizationId} ${userId}`;
      if (kind === 'post' && facts.added_while_removed === 'stays') added.add(key);
      if (kind !== 'delete' || added.has(key)) continue;
      const member = await members.find(organizationId, userId);
      if (member !== undefined && member.createdAt < line.date) {
        forgotten.push({ organizationId, userId, at: line.date });
      }
    }
  }
  return forgotten;
}
