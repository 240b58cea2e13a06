/** The ends of lists as on Auth0: the limit of pages by number, and a last cursor that leads to an empty page. */
import { ManagementError } from '../management/api/errors.js';
import type { Call, Reply } from '../management/api/operation.js';
import type { DoubleFacts } from './facts.js';

/** The largest number of items that can be reached by page numbers. */
const CEILING = 1_000;
const CEILING_KEYS: ReadonlySet<string> = new Set([
  'get /users',
  'get /organizations',
  'get /organizations/{id}/members',
  'get /organizations/{id}/invitations',
]);

/**
 * Throws Auth0's errors for a page beyond the limit. Users of its SDKs reported both texts (`docs/auth0-double.md` has
 * the sources).
 */
export function checkCeiling({ paging: { request } }: Call, key: string): void {
  const { limit, offset } = request;
  if (!CEILING_KEYS.has(key) || offset === undefined || offset + limit <= CEILING) return;
  const message =
    key === 'get /users'
      ? 'You can only page through the first 1000 records. See https://auth0.com/docs/users/search/v3/view-search-results-by-page#limitation'
      : `Requesting page ${offset / limit} exceeds the allowed maximum of ${CEILING} records. To fetch results beyond ${CEILING}, use the checkpoint pagination method.`;
  throw new ManagementError(400, message, 'invalid_paging');
}

/** A cursor behind every item of a list that is sorted by age. */
const BEHIND_ALL = { createdAt: '9999-12-31T00:00:00Z', id: '~' };

/**
 * Adds `next` to the last page of organizations; it leads to an empty page. Only for lists sorted by age, where one
 * cursor is behind all items. Lists of members need no help: the server itself adds `next` to them.
 */
export function withCursorAtEnd(key: string, call: Call, reply: Reply, { cursor_at_end }: DoubleFacts): Reply {
  const { page } = reply;
  const isByCursor = key === 'get /organizations' && call.paging.mode === 'checkpoint' && call.query.sort === undefined;
  if (page === undefined || !isByCursor || page.next !== undefined || page.items.length === 0) return reply;
  const isFull = page.items.length === call.paging.request.limit;
  const carries = cursor_at_end === 'always' || (cursor_at_end === 'full_page' && isFull);
  return carries ? { ...reply, page: { ...page, next: BEHIND_ALL } } : reply;
}
