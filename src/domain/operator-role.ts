/** The roles of a tenant's operators. management/operators/powers.ts says what each permits. */

export const OPERATOR_ROLES = ['owner', 'support', 'viewer'] as const;

export type OperatorRole = (typeof OPERATOR_ROLES)[number];

/** The rows that the first start creates for operators. */
export interface Operators {
  readonly organizationId: string;
  /** The connection of their passwords. */
  readonly connectionId: string;
  /** The console. */
  readonly clientId: string;
  readonly roleIds: Readonly<Record<OperatorRole, string>>;
}
