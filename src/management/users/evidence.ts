/**
 * `/users/{id}/evidence`, an addition: who verified a user's address, and how each identity was bound
 * (docs/linking-rule.md). It explains why a person may sign in, which the user in Auth0's shape cannot show. Reads
 * only; never shows claims.
 */
import type { IdentityRecord, UserDirectory, UserRecord } from '../../ports/directory/users.js';
import type { Call, Operation, Reply, Wire } from '../api/operation.js';
import { ANY_OBJECT, listOf, replyOf, viewOf, wordOf } from '../api/wire.js';
import { toIdentityUserId } from './user-wire.js';
import { getUser } from './users.js';

const IDENTITY = viewOf<IdentityRecord & Awaited<ReturnType<UserDirectory['getBinding']>>>({
  identity_id: ['string', ({ id }) => id],
  connection_id: ['string', ({ connectionId }) => connectionId],
  connection: ['string', ({ connectionName }) => connectionName],
  provider: ['string', ({ strategy }) => strategy],
  user_id: ['string', toIdentityUserId],
  status: [wordOf('bound', 'expected'), ({ status }) => status],
  is_primary: ['boolean', ({ isPrimary }) => isPrimary],
  'issuer?': ['string', ({ strategy, issuer }) => (strategy === 'auth0' ? undefined : issuer)],
  'subject?': ['string', ({ subject }) => subject],
  'expected_email?': ['string', ({ status, expectedEmail }) => (status === 'expected' ? expectedEmail : undefined)],
  'email?': ['string', ({ profile: { email } }) => (typeof email === 'string' ? email : undefined)],
  'email_vouched_by?': ['string', ({ emailVouchedBy }) => emailVouchedBy],
  'bound_by?': ['string', ({ boundBy }) => boundBy],
  'bound_at?': ['string', ({ boundAt }) => boundAt?.toISOString()],
  'evidence?': [ANY_OBJECT, ({ evidence }) => evidence],
  'scim?': [
    replyOf({ inactive: 'boolean' }),
    ({ scimId, scimInactive }) => (scimId === undefined ? undefined : { inactive: scimInactive }),
  ],
  created_at: ['string', ({ createdAt }) => createdAt.toISOString()],
});

const EVIDENCE = viewOf<UserRecord & { readonly shown: readonly Wire[] }>({
  user_id: ['string', ({ userId }) => userId],
  'email?': ['string', ({ email }) => email],
  'email_vouched_by?': ['string', ({ emailVouchedBy }) => emailVouchedBy],
  blocked_by_scim: ['boolean', ({ blockedByScim }) => blockedByScim],
  identities: [listOf(IDENTITY.schema), ({ shown }) => shown],
});

async function show(call: Call): Promise<Reply> {
  const user = await getUser(call);
  const shown = [];
  for (const identity of user.identities)
    shown.push(IDENTITY.show({ ...identity, ...(await call.directory.users.getBinding(user.userId, identity.id)) }));
  return { body: EVIDENCE.show({ ...user, shown }) };
}

/** Returns the operation `GET /users/{id}/evidence`. */
export function evidenceOperations(): Operation[] {
  return [
    {
      method: 'get',
      path: '/users/{id}/evidence',
      summary: 'Tell who verified the address of a user, and how their identities were bound',
      reply: EVIDENCE.schema,
      refusals: [404],
      run: show,
    },
  ];
}
