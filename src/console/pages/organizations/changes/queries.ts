/** Queries of the page about changes by customers, and their cache keys. Reads only. */
import { useQuery } from '@tanstack/react-query';
import { api } from '../../../api/client';
import { type List, type ListPage, useList } from '../../../api/list';
import type { LogLine } from '../../../lines/answers';
import type { Invitation, Person } from '../answers';
import { findPeople, INVITATIONS, organizationKey } from '../queries';
import { isCustomersOwn } from './tell-change';

const A_READ = 100;
/** Maximum number of requests for one page: operators and scripts may have left many lines between. */
const MOST_READS = 5;
const ENOUGH = 25;

/**
 * Reads lines of the organization from the cursor on (time of the last line before, and how many of that time were
 * read), and keeps those of the My Organization API. The log cannot be searched by path.
 */
async function readChanges(id: string, from: string | undefined): Promise<ListPage<LogLine>> {
  const found: LogLine[] = [];
  let [until = '*', read = '0'] = from?.split('|') ?? [];
  for (let reads = 0; reads < MOST_READS; reads += 1) {
    const search = `type:sapi AND organization_id:"${id}" AND date:[* TO ${until}]`;
    const skipped = Number(read);
    const query = { search, sort: 'date:-1', per_page: A_READ, page: 0 };
    const { data } = await api.GET('/logs', { params: { query } });
    const lines = data.slice(skipped);
    found.push(...lines.filter(isCustomersOwn));
    const last = lines.at(-1)?.date;
    if (last === undefined || data.length < A_READ) return { items: found, next: undefined };
    const ofLast = lines.filter(({ date }) => date === last).length + (last === until ? skipped : 0);
    [until, read] = [last, String(ofLast)];
    if (found.length >= ENOUGH) break;
  }
  return { items: found, next: `${until}|${read}` };
}

export const changesKey = (id: string) => [...organizationKey(id), 'changes'] as const;

export const useChanges = (id: string): List<LogLine> => useList(changesKey(id), (from) => readChanges(id, from));

/** Maximum number of people whose names are read. */
const MOST_PEOPLE = 50;

export interface Known {
  readonly members: ReadonlyMap<string, Person>;
  /** Names of all of them, also of those who are no members any more. */
  readonly names: ReadonlyMap<string, string>;
}

async function readName(userId: string): Promise<readonly [string, string] | undefined> {
  try {
    const params = { path: { id: userId }, query: { fields: 'name,email', include_fields: true } };
    const { data } = await api.GET('/users/{id}', { params });
    return [userId, data.email ?? data.name ?? userId];
  } catch {
    // Deleted meanwhile, or the role may not read people: the id is shown.
    return undefined;
  }
}

/** Reads the people with these ids: who is a member, with which roles, and everybody's name. */
export const useKnown = (id: string, userIds: readonly string[]) =>
  useQuery({
    queryKey: [...organizationKey(id), 'people', 'known', userIds],
    enabled: userIds.length > 0,
    queryFn: async (): Promise<Known> => {
      const few = userIds.slice(0, MOST_PEOPLE);
      const members = new Map((await findPeople(id, few)).map((person) => [person.user_id, person]));
      const others = await Promise.all(few.filter((userId) => !members.has(userId)).map(readName));
      const own = [...members].map(([userId, { name, email }]) => [userId, name || email || userId] as const);
      return { members, names: new Map([...own, ...others.filter((one) => one !== undefined)]) };
    },
  });

/** Reads the newest open invitations, to revoke one. */
export const useOpenInvitations = (id: string, enabled: boolean) =>
  useQuery({
    queryKey: [...INVITATIONS, id, 'newest'],
    enabled,
    queryFn: async (): Promise<readonly Invitation[]> => {
      const query = { per_page: A_READ, page: 0, sort: 'created_at:-1' };
      const { data } = await api.GET('/organizations/{id}/invitations', { params: { path: { id }, query } });
      return data;
    },
  });
