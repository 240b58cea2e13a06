/**
 * People whom the connection knows under another issuer than that of the settings to be used. They are refused (`resolve.issuer_changed`)
 * until the operator says who is who, so the administrator hears of them before the switch. Reads only; names nobody.
 */
import { acceptsIssuer } from '../../domain/companies/idp-destination.js';
import type { Visit } from './session.js';
import type { Standing } from './standing.js';

/** The number of these people: bound at the connection, or expected there, under an issuer that the settings do not accept. */
async function countFormerPeople({ deps, setup }: Visit, { connection }: Standing): Promise<number> {
  if (connection === undefined) return 0;
  const { strategy } = connection;
  const options = setup.candidate?.options ?? connection.options;
  const known = await deps.directory.users.countByIssuer(connection.id);
  return known
    .filter(({ issuer }) => !acceptsIssuer({ strategy, options }, issuer))
    .reduce((sum, { people }) => sum + people, 0);
}

/** A sentence about these people; undefined where there are none. */
export async function describeFormerPeople(visit: Visit, standing: Standing): Promise<string | undefined> {
  const people = await countFormerPeople(visit, standing);
  if (people === 0) return undefined;
  const who = people === 1 ? '1 person is' : `${people} people are`;
  return (
    `${who} known here from another provider (another issuer) than the one in these settings, and cannot sign in over this connection: the ` +
    'same name may be somebody else there. Before you switch on, ask the people who sent you the link to say who is who.'
  );
}
