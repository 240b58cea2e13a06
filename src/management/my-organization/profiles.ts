/** Reads the profiles that steer an application's calls of the My Organization API. Decides nothing. */
import type { Directory } from '../../ports/directory.js';
import type { AttributeProfile } from './attributes.js';
import { notConfigured } from './call.js';
import { type ConnectionProfile, toConnectionProfile } from './connection-profile.js';
import type { Configuration } from './member.js';

/**
 * Returns the profiles that the application's `my_organization_configuration` names (`member.configuration`), as they
 * are now. Without a connection profile its defaults apply; without a user attribute profile it is undefined. Throws
 * 409 when the application has no configuration, or a profile that does not exist: an operator's limit that cannot be
 * read must not become no limit.
 */
export async function getProfiles(
  { profiles }: Pick<Directory, 'profiles'>,
  configuration: Configuration | undefined,
): Promise<{ readonly connection: ConnectionProfile; readonly attributes: AttributeProfile | undefined }> {
  if (configuration === undefined) throw notConfigured();
  const { connectionProfileId, userAttributeProfileId } = configuration;
  const read = async (kind: 'connection' | 'user_attribute', id: string | undefined) => {
    if (id === undefined) return undefined;
    const profile = await profiles.find(kind, id);
    if (profile === undefined) throw notConfigured();
    return profile.settings;
  };
  return {
    connection: toConnectionProfile(await read('connection', connectionProfileId)),
    attributes: (await read('user_attribute', userAttributeProfileId)) as AttributeProfile | undefined,
  };
}
