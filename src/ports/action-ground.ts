/**
 * Port: the stored data that an Action's event shows about the person and objects of a login. Read once, and only if an
 * Action is bound.
 */
import type { JsonObject } from '../domain/actions/action.js';
import type { Factor } from '../domain/factors/factor.js';

export interface ActionGroundQuery {
  /** Undefined for a person without an account, and for a machine. */
  readonly userId: string | undefined;
  readonly organizationId: string | undefined;
  /** Undefined where no application takes part, such as for a new password by a mailed link. */
  readonly clientId: string | undefined;
  /** The connection of the sign-in; undefined for a machine, and for an address that was just typed. */
  readonly connectionId: string | undefined;
  /** Roles that the login is about to grant, by id, or by name when an Action admits: the answer has their names. */
  readonly grantedRoles: readonly string[];
  /**
   * True when the login is about to make the person a member: the roles that their directory's groups give then count
   * too.
   */
  readonly isAdmitted?: boolean;
  /** The session of `userId` that the login continues. */
  readonly sessionId?: string | undefined;
}

export interface ActionGround {
  readonly user:
    | undefined
    | {
        readonly email: string | undefined;
        readonly emailVerified: boolean;
        readonly createdAt: Date;
        readonly updatedAt: Date;
        readonly username: string | undefined;
        readonly phoneNumber: string | undefined;
        readonly userMetadata: JsonObject;
        readonly appMetadata: JsonObject;
        /** Number of finished logins of the user so far. */
        readonly loginsCount: number;
        /** The time of the last new password; undefined for the account's first password, or when it has none. */
        readonly lastPasswordReset: Date | undefined;
        /** The confirmed second factors, the oldest first, a recovery code last. */
        readonly factors: readonly Pick<Factor, 'kind' | 'vouchedBy'>[];
        readonly identities: readonly {
          readonly connection: string;
          readonly strategy: string;
          readonly subject: string;
          readonly profile: JsonObject;
          readonly isPrimary: boolean;
        }[];
      };
  readonly membership: undefined | { readonly via: string };
  /**
   * Names of the user's roles in the organization, and of those about to be granted; without an organization, of their
   * roles in the tenant.
   */
  readonly roles: readonly string[];
  readonly organization: undefined | { readonly displayName: string | undefined; readonly metadata: JsonObject };
  readonly clientMetadata: JsonObject;
  readonly connection: undefined | { readonly name: string; readonly strategy: string; readonly metadata: JsonObject };
  readonly session:
    | undefined
    | {
        readonly createdAt: Date;
        readonly authenticatedAt: Date;
        readonly lastUsedAt: Date;
        readonly expiresAt: Date;
        readonly idleExpiresAt: Date;
        readonly metadata: JsonObject;
        /**
         * Sign-in methods that Actions recorded, and the passed second factor under the name `mfa` with its kind; times
         * as ISO 8601 text.
         */
        readonly methods: readonly { readonly name: string; readonly timestamp: string; readonly type?: string }[];
      };
}
