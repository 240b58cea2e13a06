/**
 * Readable names of the sign-in pages and texts that a tenant may change. The console shows the API's own names beside
 * them, for people who write scripts. Pure.
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

/** Converts a key of the API to words: `loginActionLinkText` becomes "Login action link text". */
function toWords(key: string): string {
  const words = key
    .replaceAll('-', ' ')
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Returns the name in words of the page to which a prompt belongs. */
export const sayPrompt = (prompt: string): string => PAGES[prompt] ?? toWords(prompt);

/**
 * Returns the name of a text, given as `screen/key`. Puts the screen's name first if the prompt has several screens.
 */
export function sayText(name: string, screens: number): string {
  const [screen = '', key = ''] = name.split('/');
  return screens > 1 ? `${toWords(screen)}: ${toWords(key).toLowerCase()}` : toWords(key);
}
