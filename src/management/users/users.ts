/**
 * `/users` and `/users-by-email`. Users of a database are created here. Those of an identity provider are created at
 * their first login, or are expected beforehand (user-identities.ts). Blocking a user, or setting their password,
 * revokes their sessions and refresh tokens.
 */
import { parseEmail } from '../../domain/people/email.js';
import type { UserFilter, UserRecord } from '../../ports/directory/users.js';
import type { ManagementDeps } from '../api/deps.js';
import { badQuery, insufficientScopes, noUser } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { listOf } from '../api/wire.js';
import { keepWaysIn } from '../organizations/ways-in.js';
import { askToVerify } from './tickets.js';
import { createUser } from './user-create.js';
import { asksForMembership, parseUserSearch } from './user-search.js';
import { updateUser } from './user-update.js';
import { toUserWire, USER_REPLY } from './user-wire.js';

const SORT = /^(created_at|email|name|user_id):(1|-1)$/;

function parseSort(sort: unknown): { sortBy?: NonNullable<UserFilter['sortBy']>; descending?: boolean } {
  if (sort === undefined || sort === '') return {};
  const match = typeof sort === 'string' ? SORT.exec(sort) : null;
  if (match === null) {
    throw badQuery(
      "Query validation error: 'Users are sorted by created_at, email, name or user_id, as field:1 or field:-1' on property sort.",
    );
  }
  return { sortBy: match[1] as NonNullable<UserFilter['sortBy']>, descending: match[2] === '-1' };
}

const MEMBERS = 'read:organization_members';

async function search(call: Call): Promise<Reply> {
  const { q, connection, sort } = call.query;
  const term = typeof q === 'string' ? parseUserSearch(q) : undefined;
  // A user's JSON does not name their organizations. So the search must not tell them to a caller who cannot list members.
  if (term && asksForMembership(term) && !call.caller.scopes.has(MEMBERS)) throw insufficientScopes([MEMBERS]);
  const { sortBy, descending } = parseSort(sort);
  const filter: UserFilter = {
    ...(term === undefined ? {} : { search: term }),
    ...(typeof connection === 'string' && connection !== '' ? { connection } : {}),
    ...(sortBy === undefined ? {} : { sortBy }),
  };
  const request = { ...call.paging.request, ...(descending === undefined ? {} : { descending }) };
  const page = await call.directory.users.search(filter, request);
  return { page: { ...page, items: page.items.map(toUserWire) } };
}

async function listByEmail(call: Call): Promise<Reply> {
  const email = parseEmail(call.query.email);
  if (email === undefined)
    throw badQuery("Query validation error: 'Object didn't pass validation for format email' on property email.");
  return { body: (await call.directory.users.listByEmail(email)).map(toUserWire) };
}

/** Returns the user of the path. Throws 404 `inexistent_user`. */
export async function getUser(call: Call): Promise<UserRecord> {
  const user = await call.directory.users.find(call.params.id ?? '');
  if (user === undefined) throw noUser();
  return user;
}

async function remove(call: Call): Promise<Reply> {
  const userId = call.params.id ?? '';
  await keepWaysIn(call.directory, { userIds: [userId] }, () => call.directory.users.delete(userId));
  return {};
}

/** Returns the operations on `/users` and `/users-by-email`. */
export function userOperations(deps: ManagementDeps): Operation[] {
  return [
    {
      method: 'get',
      path: '/users',
      summary: 'List or search users',
      reply: USER_REPLY,
      list: { key: 'users', checkpoint: false, totals: 'with-length' },
      fields: true,
      run: search,
    },
    {
      method: 'get',
      path: '/users-by-email',
      summary: 'List the users with an address',
      reply: listOf(USER_REPLY),
      fields: true,
      run: listByEmail,
    },
    {
      method: 'post',
      path: '/users',
      summary: 'Create a user',
      status: 201,
      reply: USER_REPLY,
      refusals: [409],
      async run(call) {
        const user = await createUser(deps, call);
        return { body: toUserWire(user), log: { userId: user.userId }, ...(await askToVerify(deps, call, user)) };
      },
    },
    {
      method: 'get',
      path: '/users/{id}',
      summary: 'Get a user',
      reply: USER_REPLY,
      fields: true,
      refusals: [404],
      run: async (call) => ({ body: toUserWire(await getUser(call)) }),
    },
    {
      method: 'patch',
      path: '/users/{id}',
      summary: 'Update a user',
      reply: USER_REPLY,
      refusals: [404, 409],
      async run(call) {
        const user = await updateUser(deps, call, await getUser(call));
        return { body: toUserWire(user), ...(await askToVerify(deps, call, user)) };
      },
    },
    { method: 'delete', path: '/users/{id}', summary: 'Delete a user', status: 204, refusals: [409], run: remove },
  ];
}
