/**
 * `/users/{id}/evidence`, an addition: who vouches for the address of a user, and how each identity was bound (linking
 * rule). Explains why a person may sign in, which the user in Auth0's shape cannot show. Reads only; never shows
 * claims.
 */
import type { IdentityRecord } from '../../ports/directory/users.js';
import type { Call, Operation, Reply, Wire } from '../api/operation.js';
import { ANY_OBJECT, listOf, present, replyOf, wordOf } from '../api/wire.js';
import { toIdentityUserId } from './user-wire.js';
import { getUser } from './users.js';

async function describe(call: Call, userId: string, identity: IdentityRecord): Promise<Wire> {
  const { boundBy, evidence, boundAt } = await call.directory.users.getBinding(userId, identity.id);
  const { email } = identity.profile;
  return present({
    identity_id: identity.id,
    connection_id: identity.connectionId,
    connection: identity.connectionName,
    provider: identity.strategy,
    user_id: toIdentityUserId(identity),
    status: identity.status,
    is_primary: identity.isPrimary,
    issuer: identity.strategy === 'auth0' ? undefined : identity.issuer,
    subject: identity.subject,
    expected_email: identity.status === 'expected' ? identity.expectedEmail : undefined,
    email: typeof email === 'string' ? email : undefined,
    email_vouched_by: identity.emailVouchedBy,
    bound_by: boundBy,
    bound_at: boundAt?.toISOString(),
    evidence,
    scim: identity.scimId === undefined ? undefined : { inactive: identity.scimInactive },
    created_at: identity.createdAt.toISOString(),
  });
}

async function show(call: Call): Promise<Reply> {
  const user = await getUser(call);
  const identities = [];
  for (const identity of user.identities) identities.push(await describe(call, user.userId, identity));
  return {
    body: present({
      user_id: user.userId,
      email: user.email,
      email_vouched_by: user.emailVouchedBy,
      blocked_by_scim: user.blockedByScim,
      identities,
    }),
  };
}

const IDENTITY = replyOf(
  {
    identity_id: 'string',
    connection_id: 'string',
    connection: 'string',
    provider: 'string',
    user_id: 'string',
    status: wordOf('bound', 'expected'),
    is_primary: 'boolean',
    created_at: 'string',
  },
  {
    issuer: 'string',
    subject: 'string',
    expected_email: 'string',
    email: 'string',
    email_vouched_by: 'string',
    bound_by: 'string',
    bound_at: 'string',
    evidence: ANY_OBJECT,
    scim: replyOf({ inactive: 'boolean' }),
  },
);

/** Returns the operation `GET /users/{id}/evidence`. */
export function evidenceOperations(): Operation[] {
  return [
    {
      method: 'get',
      path: '/users/{id}/evidence',
      summary: 'Tell who vouches for the address of a user, and how their identities were bound',
      status: 200,
      reply: replyOf(
        { user_id: 'string', blocked_by_scim: 'boolean', identities: listOf(IDENTITY) },
        { email: 'string', email_vouched_by: 'string' },
      ),
      refusals: [404],
      run: show,
    },
  ];
}
