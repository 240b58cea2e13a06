/**
 * Names of the pages and texts that a tenant may change. The API's own names are shown beside them, for scripts. Pure.
 */

const PAGES: Readonly<Record<string, string>> = {
  login: 'Sign-in: address and password',
  'login-id': 'Sign-in: address',
  'login-password': 'Sign-in: password',
  'signup-id': 'Sign-up: address',
  'signup-password': 'Sign-up: password',
  signup: 'Sign-up',
  invitation: 'Invitation',
  organizations: 'Organization selection',
  'login-email-verification': 'Emailed code',
  'reset-password': 'Forgotten password',
  'email-verification': 'Address verified',
  logout: 'Sign-out',
};

/** Converts `loginActionLinkText` or `wrong-credentials` to words. */
function toWords(key: string): string {
  const words = key
    .replaceAll('-', ' ')
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Returns the name of the page that a prompt belongs to. */
export const sayPrompt = (prompt: string): string => PAGES[prompt] ?? toWords(prompt);

/** Names a text by its `screen/key`; names the screen if the prompt has several. */
export function sayText(name: string, screens: number): string {
  const [screen = '', key = ''] = name.split('/');
  return screens > 1 ? `${toWords(screen)}: ${toWords(key).toLowerCase()}` : toWords(key);
}
