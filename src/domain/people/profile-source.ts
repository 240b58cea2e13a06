/**
 * Tells whether the people of a connection, and their names, come from its identity provider. Pure: reads the
 * connection's options.
 */
import type { Connection } from '../tenant.js';

export interface ProfileSource {
  /** True when a person without an account here gets a new one. */
  readonly opensAccounts: boolean;
  /** True when every sign-in overwrites name, nickname and picture. Otherwise they can be changed here and stay. */
  readonly followed: boolean;
}

/** Reads `set_user_root_attributes` as in Auth0's Management API; `on_each_login` by default. */
export function profileSourceOf({ options }: Pick<Connection, 'options'>): ProfileSource {
  const { set_user_root_attributes: when } = options;
  if (when === 'never_on_login') return { opensAccounts: false, followed: false };
  return { opensAccounts: true, followed: when !== 'on_first_login' };
}
