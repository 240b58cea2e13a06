/** Port: what an Action's event tells about the people and things of a login. Read once, only when an Action is bound. */
import type { JsonObject } from '../domain/action.js';

export interface ActionGroundQuery {
  /** Undefined for somebody who has no account yet. */
  readonly userId: string | undefined;
  readonly organizationId: string | undefined;
  readonly clientId: string;
  readonly connectionId: string;
  /** Roles that the login is about to grant, by id: their names are wanted. */
  readonly grantedRoles: readonly string[];
}

export interface ActionGround {
  readonly user:
    | undefined
    | {
        readonly createdAt: Date;
        readonly updatedAt: Date;
        readonly username: string | undefined;
        readonly phoneNumber: string | undefined;
        readonly userMetadata: JsonObject;
        readonly appMetadata: JsonObject;
        /** Finished logins so far. */
        readonly loginsCount: number;
        readonly identities: readonly {
          readonly connection: string;
          readonly strategy: string;
          readonly subject: string;
          readonly profile: JsonObject;
          readonly isPrimary: boolean;
        }[];
      };
  readonly membership: undefined | { readonly via: string };
  /** Names of the roles in the organization: those held, and those about to be granted. */
  readonly roles: readonly string[];
  readonly organizationMetadata: JsonObject;
  readonly clientMetadata: JsonObject;
  readonly connectionMetadata: JsonObject;
}
