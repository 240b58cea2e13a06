/**
 * Removals of members that waited in the memory of a double that was killed: the log has each of them, since it is written with the answer. Found at
 * the next start by a member who is there although their removal was answered. Reads only; never names somebody who came later.
 */

import type { LogRecord } from '../ports/directory/logs.js';
import type { Directory } from '../ports/directory.js';
import type { DoubleFacts } from './facts.js';

/** A member who is to be removed, as the API was asked at that time. */
export interface Removal {
  readonly organizationId: string;
  readonly userId: string;
  readonly at: Date;
}

/** Newest writes of the Management API that are looked at. */
const MOST_LINES = 1_000;

interface Request {
  readonly method?: unknown;
  readonly path?: unknown;
  readonly body?: { readonly members?: unknown };
}

/** The members that a line of the log adds or removes; undefined for any other line. */
function toChange({ details }: LogRecord): { kind: string; organizationId: string; userIds: string[] } | undefined {
  const { method, path, body } = (details.request ?? {}) as Request;
  const organizationId = /^\/api\/v2\/organizations\/([^/]+)\/members$/.exec(String(path))?.[1];
  if (organizationId === undefined || !Array.isArray(body?.members)) return undefined;
  return { kind: String(method), organizationId, userIds: body.members.map(String) };
}

/**
 * The removals that were answered and not done. A member who was added again since is none where `facts` let them stay, and neither is one
 * whose membership is younger than the removal.
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
