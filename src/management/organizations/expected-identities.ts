/**
 * `/organizations/{id}/expected-identities`, an addition: prepares the identities of up to a thousand members at a
 * connection, or withdraws them, in one transaction. The rules are those of the request for one user
 * (users/user-identities.ts). Signs nobody in. Revokes no session: nobody has signed in yet with an identity that is
 * only expected.
 */
import { isEnterprise } from '../../domain/tenant.js';
import { newDatabaseSubject } from '../../kernel/ids.js';
import type { ConnectionRecord } from '../../ports/directory/connections.js';
import type { ExpectedUser } from '../../ports/directory/people.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, noConnection } from '../api/errors.js';
import type { Call, Operation, Reply, Wire } from '../api/operation.js';
import { listOf, present, replyOf } from '../api/wire.js';
import { checkNamesOnePerson } from '../connections/one-person.js';
import { parseExpectation } from '../users/expectation.js';
import { getOrganization } from './organization-of-path.js';

interface SentIdentity {
  readonly user_id: string;
  readonly subject?: string;
  readonly expected_email?: string;
}

interface Body {
  readonly connection_id: string;
  readonly identities: readonly SentIdentity[];
}

const WRONG = {
  subject: 'subject takes what the identity provider gives: 1 to 255 printable ASCII characters.',
  email: 'Give subject, or a plain address as expected_email.',
};

type Line = ExpectedUser | { readonly userId: string; readonly wrong: string };

function toLine({ user_id: userId, subject, expected_email: email }: SentIdentity, named: Set<string>): Line {
  if (named.has(userId)) return { userId, wrong: 'This user is named twice: only the first line counts.' };
  named.add(userId);
  if (subject !== undefined && email !== undefined)
    return { userId, wrong: 'Give subject or expected_email, not both.' };
  const expectation = parseExpectation(subject, email);
  return 'wrong' in expectation ? { userId, wrong: WRONG[expectation.wrong] } : { userId, ...expectation };
}

const toLines = (body: Body): readonly Line[] => {
  const named = new Set<string>();
  return body.identities.map((sent) => toLine(sent, named));
};

const isRight = (line: Line): line is ExpectedUser => !('wrong' in line);

/** Returns one result for each line of the request, in the same order. `judged`: the results of the valid lines. */
function toResults(lines: readonly Line[], judged: readonly string[]): Wire[] {
  const next = judged.values();
  return lines.map((line) =>
    isRight(line)
      ? { user_id: line.userId, result: next.next().value }
      : { user_id: line.userId, result: 'invalid', detail: line.wrong },
  );
}

/**
 * Returns the people with the result `wanted`, for the log: their user ids and the subject or address that the operator
 * named for each. A request is too long to be logged, but readers of the log ask who said that this user is that
 * subject.
 */
function toEvidence(people: readonly ExpectedUser[], results: readonly string[], wanted: string): Wire {
  const done = people.filter((_, index) => results[index] === wanted);
  const by = (key: 'subject' | 'expectedEmail') => {
    const pairs = done.flatMap((one) => (one[key] === undefined ? [] : [[one.userId, one[key]]]));
    return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
  };
  return present({ people: done.length, by_subject: by('subject'), by_email: by('expectedEmail') });
}

async function getEnterprise(call: Call, id: string): Promise<ConnectionRecord> {
  const connection = await call.directory.connections.find(id);
  if (connection === undefined) throw noConnection();
  if (!isEnterprise(connection.strategy))
    throw badBody('Identities are expected at enterprise connections only: this one is a database.');
  return connection;
}

async function expect(deps: ManagementDeps, call: Call): Promise<Reply> {
  const organization = await getOrganization(call);
  const body = call.body as Body;
  const connection = await getEnterprise(call, body.connection_id);
  const enablement = await call.directory.organizations.findEnablement(organization.id, connection.id);
  if (enablement?.isEnabled !== true) throw badBody('The connection is not enabled for this organization.');
  const lines = toLines(body);
  if (lines.some((line) => isRight(line) && 'subject' in line && line.subject !== undefined))
    checkNamesOnePerson(connection);
  const people = lines.filter(isRight).map((one) => ({ ...one, identityId: newDatabaseSubject(deps.entropy) }));
  const results = await call.directory.people.expect({
    connectionId: connection.id,
    organizationId: organization.id,
    people,
    boundBy: `management:${call.caller.clientId}`,
    at: call.now,
  });
  const details = { expected: toEvidence(people, results, 'created') };
  return { body: { results: toResults(lines, results) }, log: { connectionId: connection.id, details } };
}

async function withdraw(call: Call): Promise<Reply> {
  // Requires neither a membership nor an enabled connection: an identity that was prepared for a person who has left
  // must be removable.
  await getOrganization(call);
  const body = call.body as Body;
  const connection = await getEnterprise(call, body.connection_id);
  const lines = toLines(body);
  const people = lines.filter(isRight);
  const results = await call.directory.people.withdraw({ connectionId: connection.id, people });
  const details = { withdrawn: toEvidence(people, results, 'removed') };
  return { body: { results: toResults(lines, results) }, log: { connectionId: connection.id, details } };
}

/** Returns the operations on `/organizations/{id}/expected-identities`. */
export function expectedIdentityOperations(deps: ManagementDeps): Operation[] {
  const path = '/organizations/{id}/expected-identities';
  const reply = replyOf({ results: listOf(replyOf({ user_id: 'string', result: 'string' }, { detail: 'string' })) });
  return [
    {
      method: 'post',
      path,
      summary: 'Prepare the identities of members at a connection',
      reply,
      refusals: [404],
      run: (call) => expect(deps, call),
    },
    {
      method: 'post',
      path: `${path}/remove`,
      summary: 'Withdraw identities that are still expected',
      reply,
      refusals: [404],
      run: withdraw,
    },
  ];
}
