/** Texts about roles that several pages show. Words only. */

export const MARK_LABEL = 'Customer administrators may give this role';

/** The meaning of `assignable_by_organizations`. */
export const MARK_MEANING =
  'In your application, administrators of a customer can give this role to their own colleagues, and take it away. Nobody can give more permissions of the My Organization API than they have. Without the mark, customers do not see the role.';
