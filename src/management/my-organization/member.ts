/**
 * The member behind a token of the My Organization API, with their present rights (ADR 0099). They are read when the
 * request is complete, and again in the transaction of a write. Reads only; knows no operation.
 */
import type { Directory } from '../../ports/directory.js';
import { organizationAudience } from '../api/audience.js';

/** The content of a valid token. Its holder may have lost these rights since it was issued. */
export interface MemberToken {
  readonly userId: string;
  readonly clientId: string;
  readonly organizationId: string;
  readonly scopes: readonly string[];
}

/** The application's `my_organization_configuration`, as far as this server acts on it. */
export interface Configuration {
  readonly allowedStrategies: readonly string[];
  readonly deletionBehavior: string;
  readonly invitationClientId: string | undefined;
  /** `getProfiles` (profiles.ts) reads the two. */
  readonly connectionProfileId: string | undefined;
  readonly userAttributeProfileId: string | undefined;
}

export interface Member {
  readonly token: MemberToken;
  /** The scopes of the token that application and roles still permit. */
  readonly scopes: ReadonlySet<string>;
  /** Everything that the member's roles permit at this API: the ceiling of the roles that they may give. */
  readonly permissions: ReadonlySet<string>;
  /** Everything that the member may do through this application, whatever scopes the token has. */
  readonly rights: ReadonlySet<string>;
  readonly email: string | undefined;
  readonly name: string | undefined;
  readonly origins: { readonly webOrigins: readonly string[]; readonly callbacks: readonly string[] };
  /** Undefined when the application has none: an operator has not prepared it for this API. */
  readonly configuration: Configuration | undefined;
}

function toConfiguration(stored: Readonly<Record<string, unknown>> | undefined): Configuration | undefined {
  if (stored === undefined) return undefined;
  const { allowed_strategies: strategies, connection_deletion_behavior: behavior } = stored;
  const textOf = (name: string) => (typeof stored[name] === 'string' ? stored[name] : undefined);
  return {
    allowedStrategies: Array.isArray(strategies) ? strategies.map(String) : [],
    deletionBehavior: behavior === 'allow_if_empty' ? behavior : 'allow',
    invitationClientId: textOf('invitation_landing_client_id'),
    connectionProfileId: textOf('connection_profile_id'),
    userAttributeProfileId: textOf('user_attribute_profile_id'),
  };
}

/**
 * Returns the member with those scopes of the token that they still have; undefined for everybody else: removed, blocked,
 * without a way to sign in, an application without a grant. Attack: the holder of a token keeps for ten minutes what was
 * taken from them. With `purpose: 'write'` it runs in the transaction of `directory`, and a change that takes a right
 * away waits until that transaction is over.
 */
export async function findMember(
  origin: string,
  directory: Pick<Directory, 'myOrganization'>,
  token: MemberToken,
  purpose: 'read' | 'write',
): Promise<Member | undefined> {
  const { myOrganization } = directory;
  const key = { ...token, audience: organizationAudience(origin) };
  const access = await (purpose === 'write' ? myOrganization.holdAccess(key) : myOrganization.findAccess(key));
  if (access === undefined) return undefined;
  const rights = new Set(access.permissions.filter((name) => access.clientScopes.includes(name)));
  return {
    token,
    rights,
    scopes: new Set(token.scopes.filter((scope) => rights.has(scope))),
    permissions: new Set(access.permissions),
    email: access.email,
    name: access.name,
    origins: access,
    configuration: toConfiguration(access.configuration),
  };
}
