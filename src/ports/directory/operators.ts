/** Port: the people who run the tenant (ADR 0062). Their membership and roles are ordinary ones; here is what is asked about them alone. */
import type { OperatorRole, Operators } from '../../domain/operator-role.js';

/** A person's token of the Management API, as it came. */
export interface OperatorToken {
  readonly userId: string;
  readonly organizationId: string;
  readonly clientId: string;
  readonly audience: string;
}

/** An operator as they are now. */
export interface OperatorStanding {
  readonly email: string | undefined;
  readonly name: string | undefined;
  /** Permitted by their roles in the operators' organization, and granted to the application for people. */
  readonly scopes: readonly string[];
}

/** The things that a request names, by id where nothing else is said. */
export interface NamedThings {
  readonly organizationIds: readonly string[];
  readonly userIds: readonly string[];
  readonly connectionIds: readonly string[];
  /** Of the operators' own database alone. */
  readonly connectionNames: readonly string[];
  readonly clientIds: readonly string[];
}

export interface OperatorDirectory {
  /** Undefined on a rehearsal tenant, which has none. */
  find(): Promise<Operators | undefined>;
  create(operators: Operators): Promise<void>;
  /** Makes `scopes` of the API the role's only permissions. */
  setPermissions(roleId: string, apiId: string, scopes: readonly string[]): Promise<void>;
  /**
   * One statement for each call of a person's token. Undefined unless the organization is that of the operators, the person is a member of it
   * and not blocked, and the application has a grant for people: nothing that a token says outlives its reason.
   */
  findStanding(token: OperatorToken): Promise<OperatorStanding | undefined>;
  /** The same in a transaction: everybody who takes it away (membership, role, block, grant) waits for the end of the transaction. */
  holdStanding(token: OperatorToken): Promise<OperatorStanding | undefined>;
  /**
   * True where one of them gives power over the tenant to those who may change it: the operators' organization, an operator's account or one
   * in the database that is theirs alone, a connection that signs operators in, an application that may have their tokens.
   */
  concerns(things: NamedThings, audience: string): Promise<boolean>;
  /** The members of the operators' organization with the role that counts most, in the order in which they came. */
  list(): Promise<
    readonly { readonly userId: string; readonly email: string | undefined; readonly role: OperatorRole | undefined }[]
  >;
  /** True once there is somebody whom mails make an operator: a member, an account in their database, or somebody invited. */
  hasPeople(): Promise<boolean>;
  /** True once an owner exists. */
  hasOwner(): Promise<boolean>;
}
