/**
 * Olga, the administrator of the demo's server: its first owner, who signs in with her password like anybody else. The stage types it for her, and hands the reader's browser the cookies of that sign-in. The server has no other way in for her.
 */
import { type Shown, Walker } from './actions/walker.js';
import { PASSWORD } from './people.js';

/** Nobody of the cast: the stories remove and restore those. */
export const ADMINISTRATOR = 'olga@vestibule.example';

/** The session, and what lets the server know this browser again. */
const COOKIES = /^vestibule_/;

/** The first owner opens the link that the server prints, types her address, accepts the invitation and chooses a password. */
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
 * Signs her in, and gives the cookies of her browser as lines for Set-Cookie. `link` is of a server without an owner yet. Throws where somebody else
 * is the owner, or the way to the console is another one than here.
 */
export async function signInAdministrator(origin: string, link: string | undefined): Promise<readonly string[]> {
  const walker = new Walker();
  const there = link === undefined ? await signIn(walker, origin) : await becomeOwner(walker, link);
  if (there.url.pathname !== '/console' || there.url.searchParams.has('error'))
    throw new Error(`the administrator was not let in: ${there.url.pathname}${there.url.search}`);
  return walker.list(COOKIES).map(([name, value]) => `${name}=${value}; Path=/; HttpOnly; SameSite=Lax`);
}
