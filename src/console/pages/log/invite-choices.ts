/** The things that an invitation may name: applications, the organization's connections, roles. The first hundred of each; reads only. */
import { api } from '../../api/client';
import { readServerFacts } from '../../server-facts';

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export interface Choices {
  readonly clients: readonly Choice[];
  readonly connections: readonly Choice[];
  readonly roles: readonly Choice[];
}

const A_PAGE = 100;

const rowsOf = <Row>(data: unknown): readonly Row[] => (Array.isArray(data) ? (data as Row[]) : []);

async function readClients(): Promise<readonly Choice[]> {
  const { data } = await api.GET('/clients', {
    params: { query: { per_page: A_PAGE, fields: 'client_id,name,app_type' } },
  });
  const { clientId: own } = readServerFacts();
  return rowsOf<{ client_id: string; name?: string; app_type?: string }>(data)
    .filter(({ client_id, app_type }) => client_id !== own && app_type !== 'non_interactive')
    .map(({ client_id, name }) => ({ value: client_id, label: name ?? client_id }));
}

async function readConnections(organizationId: string): Promise<readonly Choice[]> {
  const { data } = await api.GET('/organizations/{id}/enabled_connections', {
    params: { path: { id: organizationId }, query: { per_page: A_PAGE } },
  });
  return rowsOf<{ connection_id: string; connection: { name: string } }>(data).map(({ connection_id, connection }) => ({
    value: connection_id,
    label: connection.name,
  }));
}

async function readRoles(): Promise<readonly Choice[]> {
  const { data } = await api.GET('/roles', { params: { query: { per_page: A_PAGE } } });
  return rowsOf<{ id: string; name: string }>(data).map(({ id, name }) => ({ value: id, label: name }));
}

/** All three at once; rejects with ApiFailure. */
export async function readChoices(organizationId: string): Promise<Choices> {
  const [clients, connections, roles] = await Promise.all([
    readClients(),
    readConnections(organizationId),
    readRoles(),
  ]);
  return { clients, connections, roles };
}
