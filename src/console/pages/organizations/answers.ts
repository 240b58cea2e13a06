/**
 * The API's answers about organizations that these pages read: types, and two functions that name people and counts.
 */
import type { Answer, Row } from '../../api/answers';

export type Organization = Row<'/organizations'>;
/** A member, with the facts that decide in which ways they can sign in. */
export type Person = Row<'/organizations/{id}/people'>;
export type PersonIdentity = Person['identities'][number];
export type Totals = Answer<'/organizations/{id}/people/totals'>;
/** Numbers of people about one connection of the organization. */
export type ConnectionTotals = NonNullable<Totals['connection']>;
export type Invitation = Row<'/organizations/{id}/invitations'>;
/** The settings that an organization has for one of its connections. */
export type Enablement = Row<'/organizations/{id}/enabled_connections'>;
/** An application that the organization lists, with the application itself. */
export type Listed = Row<'/organizations/{id}/clients'>;
/** An application of the tenant. */
export type Application = Pick<Row<'/clients'>, 'client_id' | 'name' | 'organization_usage'>;
export type Domain = Row<'/organizations/{id}/discovery-domains'>;
export type Explanation = Answer<'/organizations/{id}/explain', 'post'>;

/** Returns a person's name, else their address, else their id. */
export function callPerson({ name, email, user_id: id }: Pick<Person, 'name' | 'email' | 'user_id'>): string {
  return name || email || id;
}

/** Returns a number with its noun, for example "12 members" or "1 member". */
export function count(number: number, one: string, many: string = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}
