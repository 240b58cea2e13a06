/**
 * Counts people whom the connection knows under another issuer than the one in the new settings. Their logins are
 * refused (`resolve.issuer_changed`) until an operator maps these people to the new issuer. So the customer's
 * administrator is told before the switch. Reads only; names nobody.
 */
import { acceptsIssuer } from '../../domain/companies/idp-destination.js';
import type { SetupProgress } from './progress.js';
import type { Visit } from './session.js';

/** Counts the people who have signed in, or were pre-provisioned, under an issuer that the settings do not accept. */
async function countFormerPeople({ deps, setup }: Visit, { connection }: SetupProgress): Promise<number> {
  if (connection === undefined) return 0;
  const { strategy } = connection;
  const options = setup.candidate?.options ?? connection.options;
  const known = await deps.directory.users.countByIssuer(connection.id);
  return known
    .filter(({ issuer }) => !acceptsIssuer({ strategy, options }, issuer))
    .reduce((sum, { people }) => sum + people, 0);
}

/** Returns a sentence about people of another issuer; undefined when there are none. */
export async function describeFormerPeople(visit: Visit, progress: SetupProgress): Promise<string | undefined> {
  const people = await countFormerPeople(visit, progress);
  if (people === 0) return undefined;
  const who = people === 1 ? '1 person is' : `${people} people are`;
  return (
    `${who} known here from another provider (another issuer) than the one in these settings, and cannot sign in over this connection: the ` +
    'same name may be somebody else there. Before you switch on, ask the people who sent you the link to say who is who.'
  );
}
