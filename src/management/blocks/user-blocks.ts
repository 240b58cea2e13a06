/**
 * `/user-blocks`: shows and lifts the limits of login attempts that a person's email address has reached, and those of
 * guesses at the second factor of an account. The former are counted for the email address, whether or not it has an
 * account, and for all databases together. Never changes
 * `blocked` of a user, or the limits of mail and of attempts at a code sent by mail.
 */
import { type Email, parseEmail } from '../../domain/people/email.js';
import { subjectsOfAccount, subjectsOfAddress, subjectsOfFactors } from '../../login/attempt-subjects.js';
import type { UserRecord } from '../../ports/directory/users.js';
import type { ManagementDeps } from '../api/deps.js';
import { noUser } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { checkAccounts } from '../api/operators.js';
import { listOf, replyOf, viewOf } from '../api/wire.js';

type Deps = Pick<ManagementDeps, 'attempts' | 'origin'>;

/** The email address that the request is about, and the accounts that have it. */
interface Person {
  readonly email: Email | undefined;
  readonly users: readonly UserRecord[];
  /** The account whose id is in the path. */
  readonly userId?: string;
}

async function findByAddress({ directory }: Call, text: unknown): Promise<Person> {
  const email = parseEmail(text);
  return { email, users: email === undefined ? [] : await directory.users.listByEmail(email) };
}

/** Returns the user in the path, and the other users with the same email address. Throws 404 `inexistent_user`. */
async function getByPath(call: Call): Promise<Person> {
  const user = await call.directory.users.find(call.params.id ?? '');
  if (user === undefined) throw noUser();
  const { userId } = user;
  const { email, users } = await findByAddress(call, user.email);
  const others = users.filter((other) => other.userId !== userId);
  return { email, users: [user, ...others], userId };
}

/**
 * Returns the names of the databases of the users that the request is about. Without any, returns one undefined, so
 * that a limit is shown nevertheless.
 */
function namesOfDatabases({ users, userId }: Person): readonly (string | undefined)[] {
  const asked = users.filter((user) => userId === undefined || user.userId === userId);
  const databases = asked.flatMap(({ identities }) => identities.filter(({ strategy }) => strategy === 'auth0'));
  const names = new Set(databases.map(({ connectionName }) => connectionName));
  return names.size === 0 ? [undefined] : [...names];
}

const BLOCK = viewOf<{ identifier: Email | undefined; ip: string | undefined; connection: string | undefined }>({
  'identifier?': ['string', ({ identifier }) => identifier],
  'ip?': ['string', ({ ip }) => ip],
  'connection?': ['string', ({ connection }) => connection],
});

/** Returns the ids of the accounts whose own counters the request is about. */
const accountsOf = ({ users, userId }: Person): readonly string[] =>
  userId === undefined ? users.map((user) => user.userId) : [userId];

async function list({ attempts }: Deps, person: Person, now: Date): Promise<Reply> {
  const { email } = person;
  const ofAddress = email === undefined ? [] : subjectsOfAddress(email);
  const subjects = [...ofAddress, ...accountsOf(person).flatMap(subjectsOfFactors)];
  const full = subjects.length === 0 ? [] : await attempts.findFull(subjects, now);
  const names = namesOfDatabases(person);
  const blocks = full.flatMap(({ network }) =>
    names.map((connection) => BLOCK.show({ identifier: email, ip: network, connection })),
  );
  return { body: { blocked_for: blocks } };
}

async function lift(deps: Deps, call: Call, person: Person): Promise<Reply> {
  const { email, users, userId } = person;
  const userIds = users.map((user) => user.userId);
  await checkAccounts(deps, call, userIds);
  const ofAddress = email === undefined ? [] : subjectsOfAddress(email);
  const ofAccounts = accountsOf(person).flatMap((id) => [...subjectsOfAccount(id), ...subjectsOfFactors(id)]);
  const about = userId ?? (userIds.length === 1 ? userIds[0] : undefined);
  return {
    after: () => deps.attempts.forget([...ofAddress, ...ofAccounts]),
    ...(about !== undefined && { log: { userId: about } }),
  };
}

/** Returns the operations on `/user-blocks`. */
export function userBlockOperations(deps: Deps): Operation[] {
  const reply = replyOf({ blocked_for: listOf(BLOCK.schema) });
  return [
    {
      method: 'get',
      path: '/user-blocks',
      summary: 'List the sign-in blocks of an email address',
      reply,
      run: async (call) => list(deps, await findByAddress(call, call.query.identifier), call.now),
    },
    {
      method: 'delete',
      path: '/user-blocks',
      summary: 'Unblock an email address',
      run: async (call) => lift(deps, call, await findByAddress(call, call.query.identifier)),
    },
    {
      method: 'get',
      path: '/user-blocks/{id}',
      summary: 'List the blocks of a user',
      reply,
      refusals: [404],
      run: async (call) => list(deps, await getByPath(call), call.now),
    },
    {
      method: 'delete',
      path: '/user-blocks/{id}',
      summary: 'Unblock a user',
      refusals: [404],
      run: async (call) => lift(deps, call, await getByPath(call)),
    },
  ];
}
