/** The roles of a tenant's operators. management/operators/role-scopes.ts says what each permits. */

export const OPERATOR_ROLES = ['owner', 'support', 'viewer'] as const;

export type OperatorRole = (typeof OPERATOR_ROLES)[number];

/** Ids of the rows that the first start creates for operators. */
export interface Operators {
  readonly organizationId: string;
  /** The database connection that stores operators' passwords. */
  readonly connectionId: string;
  /** The client id of the console. */
  readonly clientId: string;
  readonly roleIds: Readonly<Record<OperatorRole, string>>;
}
