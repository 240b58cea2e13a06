/** The API's answers about connections that these pages read: types, and a function that names a connection. */
import type { Answer, Row } from '../../api/answers';

export type Options = Readonly<Record<string, unknown>>;
export type Connection = Row<'/connections'>;
/** The result of the server's check of an identity provider. */
export type Finding = Answer<'/connections/{id}/examine', 'post'>;
export type Written = Answer<'/connections', 'post'>;
export type OrganizationUse = Row<'/connections/{id}/organizations'>;
export type Client = Pick<Row<'/clients'>, 'client_id' | 'name'>;
export type ScimConfiguration = Answer<'/connections/{id}/scim-configuration'>;
export type ScimToken = Row<'/connections/{id}/scim-configuration/tokens'>;

export const nameOf = ({ display_name, name }: Pick<Connection, 'display_name' | 'name'>): string =>
  display_name ?? name;
