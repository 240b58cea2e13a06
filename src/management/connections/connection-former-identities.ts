/**
 * `/connections/{id}/former-identities`, an addition. After a change of a connection's issuer, the operator says how to
 * recognize its people. Identities bound under the former issuer become expected again, by a subject or by an email
 * address. Each is bound at the sign-in that proves the subject or address.
 */

import { acceptsIssuer } from '../../domain/companies/idp-destination.js';
import { isSubject } from '../../domain/people/account.js';
import { dialectOf } from '../../facts/strategies.js';
import type { ConnectionRecord } from '../../ports/directory/connections.js';
import type { FormerIdentity } from '../../ports/directory/users.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, insufficientScope, noConnection } from '../api/errors.js';
import type { Call, Operation, Reply, Wire } from '../api/operation.js';
import { checkAccounts } from '../api/operators.js';
import { ANY_OBJECT, listOf, orConflict, present, replyOf } from '../api/wire.js';
import { checkNamesOnePerson } from './one-person.js';

interface ExpectBody {
  readonly former_issuer: string;
  readonly expect_by: 'subject' | 'email';
  readonly subjects?: Readonly<Record<string, string>>;
  readonly only?: readonly string[];
  readonly dry_run?: boolean;
}

/** Maximum number of skipped people whom an answer names. */
const NAMED = 100;

function toSkipped({ userId, formerSubject, problem }: FormerIdentity) {
  return { user_id: userId, former_subject: formerSubject, reason: problem };
}

/**
 * Returns warnings for the answer to a write of a connection's options: people bound under other issuers are refused
 * until the operator says how to recognize them. `connection` has the new options.
 */
export async function warnOfFormerPeople(
  call: Call,
  connection: Pick<ConnectionRecord, 'id' | 'strategy' | 'options'>,
): Promise<Wire[]> {
  const named = await call.directory.users.countByIssuer(connection.id);
  return named
    .filter((one) => !acceptsIssuer(connection, one.issuer))
    .map(({ issuer: former, people }) => ({
      id: 'people_of_former_issuer',
      message:
        `${people} people are bound or expected as ${former} named them, and are refused (resolve.issuer_changed) until you say who they are: ` +
        `POST /api/v2/connections/${connection.id}/former-identities.`,
      former_issuer: former,
      people,
    }));
}

/**
 * True when an Entra connection accepts `issuer` now: its issuers follow from the options. Other providers are not
 * compared here: only they know how they spell the issuer in their tokens.
 */
function isOfToday(connection: ConnectionRecord, issuer: string): boolean {
  return dialectOf(connection.strategy) === 'entra' && acceptsIssuer(connection, issuer);
}

async function expectAgain(deps: ManagementDeps, call: Call): Promise<Reply> {
  // Requires a second scope. Attack: a caller with only `update:users` has their own subjects expected for the accounts
  // of a connection's people.
  if (!call.caller.scopes.has('update:connections')) throw insufficientScope(['update:connections']);
  const connection = await call.directory.connections.findForUpdate(call.params.id ?? '');
  if (connection === undefined) throw noConnection();
  const body = call.body as ExpectBody;
  if (connection.options.issuer === body.former_issuer || isOfToday(connection, body.former_issuer))
    throw badBody('former_issuer is the issuer of the connection today: nothing was changed.');
  if (body.expect_by === 'subject') checkNamesOnePerson(connection);
  const wrong = Object.values(body.subjects ?? {}).find((subject) => !isSubject(subject));
  if (wrong !== undefined)
    throw badBody('subjects takes what identity providers give: 1 to 255 printable ASCII characters.');
  if (body.subjects !== undefined && body.expect_by !== 'subject')
    throw badBody('subjects goes with expect_by: subject.');
  const { former_issuer: formerIssuer, expect_by: by, subjects, only } = body;
  const people = await orConflict(
    'Two people would be expected by the same subject or address.',
    call.directory.users.expectAgain({
      connectionId: connection.id,
      formerIssuer,
      by,
      subjects,
      only,
      boundBy: `management:${call.caller.clientId}`,
      apply: body.dry_run !== true,
    }),
  );
  // Attack: a caller who may change users and connections has an operator's account expected by a subject of their own,
  // hidden among many others.
  await checkAccounts(
    deps,
    call,
    people.map(({ userId }) => userId),
  );
  const skipped = people.filter((one) => one.problem !== undefined);
  return {
    body: present({
      expected: people.length - skipped.length,
      skipped: skipped.length,
      skipped_people: skipped.slice(0, NAMED).map(toSkipped),
      ...(body.dry_run === true && { dry_run: true }),
    }),
    log: { connectionId: connection.id },
  };
}

/** Returns the operation `POST /connections/{id}/former-identities`. */
export function formerIdentityOperations(deps: ManagementDeps): Operation[] {
  return [
    {
      method: 'post',
      path: '/connections/{id}/former-identities',
      summary: 'Expect the people of a former issuer again',
      reply: replyOf(
        { expected: 'integer', skipped: 'integer', skipped_people: listOf(ANY_OBJECT) },
        { dry_run: 'boolean' },
      ),
      refusals: [404, 409],
      run: (call) => expectAgain(deps, call),
    },
  ];
}
