/**
 * The facts that a tenant's own mail texts may show, by Auth0's names. Plain JSON, stored encrypted with the mail.
 * Never holds a secret.
 */
import type { Client, Connection, Organization } from '../tenant.js';

export interface KnownFacts {
  readonly client?: Pick<Client, 'name' | 'clientId'> | undefined;
  readonly connection?: Pick<Connection, 'name'> | undefined;
  readonly organization?: Pick<Organization, 'id' | 'name' | 'displayName'> | undefined;
  readonly user?: Readonly<Record<string, unknown>> | undefined;
}

/** Builds the facts of a mail; leaves out what is unknown. */
export function toMailFacts({ client, connection, organization, user }: KnownFacts): Readonly<Record<string, unknown>> {
  return {
    ...(client && { application: { name: client.name, clientID: client.clientId } }),
    ...(connection && { connection: { name: connection.name } }),
    ...(organization && {
      organization: {
        id: organization.id,
        name: organization.name,
        display_name: organization.displayName ?? organization.name,
      },
    }),
    ...(user && { user }),
  };
}
