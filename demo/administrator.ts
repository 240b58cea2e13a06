/**
 * Olga, the administrator and first owner of the demo's server. She signs in with her password like anybody else; there
 * is no other way in for her. The stage types the password for her, and gives the reader's browser the cookies of that
 * sign-in.
 */
import { type Shown, Walker } from './actions/walker.js';
import { PASSWORD } from './people.js';

/** Not a person of the cast, because the stories remove and restore the cast. */
export const ADMINISTRATOR = 'olga@vestibule.example';

/** Matches the cookies of the session and of the known browser. */
const COOKIES = /^vestibule_/;

/**
 * The first owner opens the link that the server prints, types her address, accepts the invitation and chooses a
 * password.
 */
async function becomeOwner(walker: Walker, link: string): Promise<Shown> {
  const first = await walker.visit(link);
  const invited = await walker.press(first, 'action', 'default', { username: ADMINISTRATOR });
  const accepted = await walker.press(invited, 'action', 'default');
  return walker.press(accepted, 'action', 'default', { password: PASSWORD });
}

async function signIn(walker: Walker, origin: string): Promise<Shown> {
  const page = await walker.visit(`${origin}/console/login`);
  const asked = await walker.press(page, 'action', 'default', { username: ADMINISTRATOR });
  return walker.press(asked, 'action', 'default', { password: PASSWORD });
}

/**
 * Signs her in, and returns the cookies of her browser as lines for Set-Cookie. `link` claims a server that has no
 * owner yet. Throws if somebody else is the owner, or if the sign-in leads to an unexpected page.
 */
export async function signInAdministrator(origin: string, link: string | undefined): Promise<readonly string[]> {
  const walker = new Walker();
  const there = link === undefined ? await signIn(walker, origin) : await becomeOwner(walker, link);
  if (there.url.pathname !== '/console' || there.url.searchParams.has('error'))
    throw new Error(`the administrator was not let in: ${there.url.pathname}${there.url.search}`);
  return walker.list(COOKIES).map(([name, value]) => `${name}=${value}; Path=/; HttpOnly; SameSite=Lax`);
}
