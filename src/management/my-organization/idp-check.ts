/**
 * Says what was wrong with an identity provider at the last sign-in through it, to those who can change it: the person who
 * signs in reads only that their company's answer was not usable. Tells nothing about other organizations' providers.
 */
import { addSeconds } from '../../kernel/clock.js';
import type { UnusableAnswer } from '../../ports/directory/my-organization.js';
import type { Wire } from '../api/operation.js';
import { mendingOf } from '../self-service/mending.js';
import type { OrganizationCall } from './call.js';
import type { OwnConnection } from './own-connection.js';

/** For how long an answer is shown, in seconds. */
const SHOWN_S = 86_400;

const toWords = ({ code, check, detail }: UnusableAnswer) =>
  mendingOf({ reason: code === 'authenticate.idp_unreachable' ? 'unreachable' : 'invalid', check, detail });

/**
 * Returns what was wrong at the last sign-in, by connection: `result` (the check), `message` (what to change), `checked_at`.
 * Has only connections that the organization may change as a whole. Attack: the provider of a shared connection, and what
 * it answers to people of other customers, is not this organization's to read.
 */
export async function findChecks(
  { deps, organizationId }: OrganizationCall,
  found: readonly OwnConnection[],
): Promise<ReadonlyMap<string, Wire>> {
  const own = new Map(
    found.filter(({ level }) => level === 'full').map(({ connection }) => [connection.id, connection.updatedAt]),
  );
  const since = addSeconds(deps.clock.now(), -SHOWN_S);
  const answers = await deps.directory.myOrganization.listUnusableAnswers(organizationId, [...own.keys()], since);
  return new Map(
    answers
      // An answer to settings that were changed since says nothing about the present ones.
      .filter(({ connectionId, at }) => at > (own.get(connectionId) ?? at))
      .map((answer) => [
        answer.connectionId,
        { result: answer.check, message: toWords(answer), checked_at: answer.at.toISOString() },
      ]),
  );
}
