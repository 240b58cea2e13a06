/**
 * Reads the objects that a log line names (user, organization, application, connection), to build the event of a test.
 * Leaves out objects that are deleted or that the operator may not read.
 */
import { api } from '../../api/client';
import { ApiFailure } from '../../api/failure';
import type { LogLine } from './answers';
import type { EventGround } from './to-event';

type Wire = Readonly<Record<string, unknown>>;

/**
 * Returns the data of an answer. Returns undefined if the object is deleted or the operator may not read it; rejects
 * for every other failure.
 */
async function orNothing(asked: Promise<{ readonly data: Wire }> | undefined): Promise<Wire | undefined> {
  try {
    return (await asked)?.data;
  } catch (error) {
    if (error instanceof ApiFailure && (error.status === 403 || error.status === 404)) return undefined;
    throw error;
  }
}

const byId = (id: string) => ({ params: { path: { id } } });

/** Reads a member who has signed in by the connection, with the claims that the provider sent last. */
const readArrival = (id: string, connectionId: string, user: string) =>
  api.GET('/organizations/{id}/enabled_connections/{connectionId}/people/{user_id}', {
    params: { path: { id, connectionId, user_id: user } },
  });

/** Reads all objects that the event of `line` contains. */
export async function readGround(line: LogLine): Promise<EventGround> {
  const { user_id: user, organization_id: organization, client_id: client, connection_id: connection } = line;
  const [userNow, organizationNow, clientNow, connectionNow, arrival] = await Promise.all([
    orNothing(user ? api.GET('/users/{id}', byId(user)) : undefined),
    orNothing(organization ? api.GET('/organizations/{id}', byId(organization)) : undefined),
    orNothing(client ? api.GET('/clients/{id}', byId(client)) : undefined),
    orNothing(connection ? api.GET('/connections/{id}', byId(connection)) : undefined),
    orNothing(user && organization && connection ? readArrival(organization, connection, user) : undefined),
  ]);
  return {
    line,
    user: userNow,
    organization: organizationNow,
    client: clientNow,
    connection: connectionNow,
    claims: (arrival?.claims ?? {}) as Wire,
    host: window.location.host,
  };
}
