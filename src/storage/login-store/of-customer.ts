/**
 * SQL condition: an organization is a customer's. The operators' organization is offered only to people who name it:
 * never in a list to choose from, never because of an address (ADR 0062).
 */

/** Returns the condition for an organization's id; `organizationId` is an SQL expression. */
export function ofCustomer(organizationId: string): string {
  return `not exists (select 1 from operators p where p.organization_id = ${organizationId})`;
}
