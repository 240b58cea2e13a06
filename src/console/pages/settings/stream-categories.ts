/**
 * Labels of the categories by which a log stream selects log lines. The API defines the names; a test compares them
 * with the server's list.
 */

export const CATEGORIES: readonly { readonly value: string; readonly label: string }[] = [
  { value: 'auth.login.success', label: 'Sign-ins' },
  { value: 'auth.login.fail', label: 'Refused sign-ins' },
  { value: 'auth.login.notification', label: 'Sign-in notifications' },
  { value: 'auth.signup.success', label: 'New accounts' },
  { value: 'auth.signup.fail', label: 'Refused sign-ups' },
  { value: 'auth.logout.success', label: 'Sign-outs' },
  { value: 'auth.logout.fail', label: 'Failed sign-outs' },
  { value: 'auth.silent_auth.success', label: 'Silent sign-ins' },
  { value: 'auth.silent_auth.fail', label: 'Refused silent sign-ins' },
  { value: 'auth.token_exchange.success', label: 'Issued tokens' },
  { value: 'auth.token_exchange.fail', label: 'Refused token requests' },
  { value: 'management.success', label: 'Changes by operators and scripts' },
  { value: 'management.fail', label: 'Failed changes' },
  { value: 'scim.event', label: 'SCIM' },
  { value: 'user.success', label: 'Changes by people to their own account' },
  { value: 'user.fail', label: 'Failed changes by people to their own account' },
  { value: 'user.notification', label: 'Account notifications' },
  { value: 'system.notification', label: 'Server notifications' },
  { value: 'actions', label: 'Actions' },
  { value: 'other', label: 'Everything else' },
];

/** Returns the labels as one text: "Sign-ins, Actions". No categories means "Everything". */
export function sayCategories(names: readonly string[]): string {
  if (names.length === 0) return 'Everything';
  const labels = CATEGORIES.filter(({ value }) => names.includes(value)).map(({ label }) => label);
  const others = names.filter((name) => !CATEGORIES.some(({ value }) => value === name));
  return [...labels, ...others].join(', ');
}
