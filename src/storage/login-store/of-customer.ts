/**
 * SQL: an organization is a customer's. The operators' organization is never offered to anybody who has not named it: neither to choose nor by
 * an address (ADR 0062).
 */

/** A condition over an expression for an organization's id. */
export function ofCustomer(organizationId: string): string {
  return `not exists (select 1 from operators p where p.organization_id = ${organizationId})`;
}
