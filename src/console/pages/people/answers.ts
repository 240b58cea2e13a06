/** The API's answers about people that these pages read: types, and a function that names a person. */
import type { Answer, Row } from '../../api/answers';

export type User = Row<'/users'>;
export type Evidence = Answer<'/users/{id}/evidence'>;
export type BoundIdentity = Evidence['identities'][number];
export type MovedIdentity = Row<'/users/{id}/moved-identities'>;
export type Organization = Row<'/users/{id}/organizations'>;
export type Session = Row<'/users/{user_id}/sessions'>;
export type AuthenticationMethod = Row<'/users/{id}/authentication-methods'>;
export type RefreshToken = Row<'/users/{user_id}/refresh-tokens'>;
export type LogLine = Row<'/users/{id}/logs'>;
export type Explanation = Answer<'/organizations/{id}/explain', 'post'>;

/**
 * Returns a person's name, else their address, else their id. People from a directory may have no address, and people
 * who signed up may have no name.
 */
export const nameOf = (user: Pick<User, 'name' | 'email' | 'user_id'>): string =>
  user.name ?? user.email ?? user.user_id;
