/**
 * Checks an application's settings for the My Organization API. They are stored as they are sent, and read with the
 * member's rights (my-organization/member.ts). Changes nothing.
 */
import { badBody } from '../api/errors.js';
import type { Call } from '../api/operation.js';

/**
 * Throws 400 when the application that opens the invitations of members does not exist: no invitation could be sent.
 */
export async function checkLandingClient({ directory, body }: Pick<Call, 'directory' | 'body'>): Promise<void> {
  const { my_organization_configuration: configuration } = body as {
    readonly my_organization_configuration?: { readonly invitation_landing_client_id?: string } | null;
  };
  const id = configuration?.invitation_landing_client_id;
  if (id !== undefined && (await directory.clients.find(id)) === undefined)
    throw badBody('my_organization_configuration.invitation_landing_client_id: there is no such application.');
}
