/** Port: the writes of a login's commit for Actions. Values only; decided by src/login/tenant-code. */
import type { JsonObject, TokenWishes } from '../domain/actions/action.js';

/** Metadata names to set with their values, and names to remove. */
export interface MetadataPatch {
  readonly set: JsonObject;
  readonly remove: readonly string[];
}

/** Writes for Actions, in the same transaction as the login. */
export interface ActionWrites {
  /** Changes of an existing account's metadata; a new user's metadata are in `newUser`. */
  readonly userMetadata: MetadataPatch;
  readonly appMetadata: MetadataPatch;
  readonly sessionMetadata: MetadataPatch;
  /** Sign-in methods that the session records. */
  readonly sessionMethods?: readonly { readonly name: string; readonly timestamp: Date }[];
  /** The session expires at this time at the latest, used or not. */
  readonly sessionExpiresAt: Date | undefined;
  readonly sessionIdleExpiresAt: Date | undefined;
  /** The decisions of Actions about the tokens; stored with the code. */
  readonly tokens: TokenWishes | undefined;
}
