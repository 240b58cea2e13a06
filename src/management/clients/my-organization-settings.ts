/**
 * Checks an application's settings for the My Organization API. They are stored as they are sent, and read with the
 * member's rights (my-organization/member.ts). Changes nothing.
 */
import { badBody } from '../api/errors.js';
import type { Call } from '../api/operation.js';

/**
 * Throws 400 for a setting that names what does not exist: the application that opens the invitations of members, or a
 * profile. Attack: customers get no limits, because the profile that has them is missing. In a transaction it holds the
 * profiles: nobody deletes one meanwhile.
 */
export async function checkMyOrganizationSettings({
  directory: { clients, profiles },
  body,
}: Pick<Call, 'directory' | 'body'>): Promise<void> {
  const { my_organization_configuration: configuration } = body as {
    readonly my_organization_configuration?: Readonly<Record<string, unknown>> | null;
  };
  const check = async (name: string, what: string, exists: (id: string) => Promise<boolean>) => {
    const id = configuration?.[name];
    if (typeof id === 'string' && !(await exists(id)))
      throw badBody(
        `my_organization_configuration.${name}: there is no such ${what}. Create it before this application.`,
      );
  };
  const isClient = async (id: string) => (await clients.find(id)) !== undefined;
  await check('invitation_landing_client_id', 'application', isClient);
  await check('connection_profile_id', 'connection profile', (id) => profiles.hold('connection', id));
  await check('user_attribute_profile_id', 'user attribute profile', (id) => profiles.hold('user_attribute', id));
}
