/**
 * Port: the operators of the tenant (ADR 0062). Their membership and roles are ordinary ones; this port has only the
 * queries that are about operators.
 */
import type { OperatorRole, Operators } from '../../domain/operator-role.js';

/** A person's access token for the Management API, as a request presents it. */
export interface OperatorToken {
  readonly userId: string;
  readonly organizationId: string;
  readonly clientId: string;
  readonly audience: string;
}

/** The present state of an operator: name, address and rights. */
export interface OperatorAccess {
  readonly email: string | undefined;
  readonly name: string | undefined;
  /**
   * The scopes that the person's roles in the operators' organization permit, and that the application may use for
   * people.
   */
  readonly scopes: readonly string[];
}

/** The objects that a request names, by id unless the field says otherwise. */
export interface NamedThings {
  readonly organizationIds: readonly string[];
  readonly userIds: readonly string[];
  readonly connectionIds: readonly string[];
  /** Connections by name; only the operators' own database connection matters here. */
  readonly connectionNames: readonly string[];
  readonly clientIds: readonly string[];
}

export interface OperatorDirectory {
  /** Finds the operators' rows; undefined for a tenant without operators. */
  find(): Promise<Operators | undefined>;
  create(operators: Operators): Promise<void>;
  /** Makes `scopes` of the API the only permissions of the role. */
  setPermissions(roleId: string, apiId: string, scopes: readonly string[]): Promise<void>;
  /**
   * Reads an operator's state in one statement per call with a person's token. Undefined unless the organization is the
   * operators', the person is a member of it and not blocked, and the application has a grant for people: a token gives
   * no right that its owner has lost.
   */
  findAccess(token: OperatorToken): Promise<OperatorAccess | undefined>;
  /**
   * Reads the same state as {@link findAccess}, in a transaction, and locks it: a change that removes a right
   * (membership, role, block, grant) waits until the transaction is over.
   */
  holdAccess(token: OperatorToken): Promise<OperatorAccess | undefined>;
  /**
   * True when changing one of these things gives power over the tenant: the operators' organization, an operator's
   * account or one in their own database, a connection that signs operators in, an application that may have their
   * tokens.
   */
  concerns(things: NamedThings, audience: string): Promise<boolean>;
  /**
   * Lists the members of the operators' organization with their most powerful role, in the order in which they joined.
   */
  list(): Promise<
    readonly { readonly userId: string; readonly email: string | undefined; readonly role: OperatorRole | undefined }[]
  >;
  /**
   * True once somebody is an operator or can become one by a mail: a member, a person with an account in the operators'
   * database, or an invited person.
   */
  hasPeople(): Promise<boolean>;
  /** True once an owner exists. */
  hasOwner(): Promise<boolean>;
}
