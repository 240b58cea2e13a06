/** The roles of the people who run a tenant. management/operators/powers.ts says what each permits. */

export const OPERATOR_ROLES = ['owner', 'support', 'viewer'] as const;

export type OperatorRole = (typeof OPERATOR_ROLES)[number];

/** The rows that the first start makes, and that operators rest on. */
export interface Operators {
  readonly organizationId: string;
  /** Of their passwords. */
  readonly connectionId: string;
  /** The console. */
  readonly clientId: string;
  readonly roleIds: Readonly<Record<OperatorRole, string>>;
}
