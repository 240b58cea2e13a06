/**
 * The stories as scripts that can be played again and again, each time by somebody new, up to the answer that the application
 * gets: for tests that cut a login off somewhere and let the person try again.
 */
import { CALLBACK, type Cast, type Invitation, PASSWORD, Visitor } from './cast.js';
import type { Visit } from './http-browser.js';
import type { Json } from './instance.js';
import { WatchfulBrowser } from './nothing-or-everything.js';

export interface Scene {
  readonly visitor: Visitor;
  readonly email: string;
  /** The account that has to be in at the end; undefined for a new account. */
  readonly userId: string | undefined;
  /** From the application's first redirect to its answer. Throws {@link Stopped} at a page of the server's own failure. */
  play(): Promise<Visit>;
  /** How the person signs in once the invitation was used. */
  playAsUsual(): Promise<Visit>;
}

export interface Story {
  readonly name: string;
  readonly ends: 'admitted' | 'refused';
  readonly involved: 'identity' | 'secret';
  arrange(cast: Cast, key: string, aside: Aside): Promise<Scene>;
}

/** Runs something of the test's own without disturbing what is counted. */
export type Aside = <T>(work: () => Promise<T>) => Promise<T>;

/** Somebody who stops at the server's own failure. */
export function newVisitor(cast: Cast): Visitor {
  return new Visitor(cast, new WatchfulBrowser(CALLBACK));
}

function employ(cast: Cast, key: string): string {
  const email = `${key}@acme.example`;
  cast.people[key] = { sub: `idp-${key}`, email, email_verified: true, name: `Person ${key}` };
  return email;
}

export async function mailedCode(cast: Cast, email: string, aside: Aside, template = 'proof_code'): Promise<string> {
  const kept = await aside(() => cast.instance.mail());
  const found = kept.find(({ mail }) => mail.to === email && mail.template === template);
  if (!found) throw new Error(`no code was mailed to ${email}`);
  return found.mail.model.code as string;
}

/** Types the mailed code if it is asked for. */
async function proveIfAsked(visitor: Visitor, page: Visit, email: string, aside: Aside): Promise<Visit> {
  if (page.url.pathname !== '/u/proof') return page;
  return visitor.browser.submit(page, { code: await mailedCode(visitor.cast, email, aside), action: 'code' });
}

/** Opens the invitation and accepts it; one that is used already is answered to the application at once. */
async function accept(visitor: Visitor, invitation: Invitation, then: (page: Visit) => Promise<Visit>): Promise<Visit> {
  const page = await visitor.open({ invitation: invitation.ticket });
  return page.status === 0 ? page : then(await visitor.browser.submit(page, { action: 'default' }));
}

function acceptAtIdp(visitor: Visitor, invitation: Invitation, key: string): Promise<Visit> {
  return accept(visitor, invitation, (page) => visitor.signInAtIdp(page, key));
}

const invitedNewcomer: Story = {
  name: '01 an invited newcomer',
  ends: 'admitted',
  involved: 'identity',
  async arrange(cast, key) {
    const email = employ(cast, key);
    const invitation = await cast.invite(email);
    const visitor = newVisitor(cast);
    return {
      visitor,
      email,
      userId: `oidc|acme-oidc|idp-${key}`,
      play: () => acceptAtIdp(visitor, invitation, key),
      playAsUsual: () => visitor.throughSso(key, email, { prompt: 'login' }),
    };
  },
};

const existingMember: Story = {
  name: '02 a member with a password',
  ends: 'admitted',
  involved: 'identity',
  async arrange(cast, key) {
    const email = employ(cast, key);
    const userId = await cast.createMember(email);
    const visitor = newVisitor(cast);
    const play = () => visitor.throughSso(key, email, { prompt: 'login' });
    return { visitor, email, userId, play, playAsUsual: play };
  },
};

const stranger: Story = {
  name: '03 a stranger',
  ends: 'refused',
  involved: 'identity',
  async arrange(cast, key) {
    const email = employ(cast, key);
    const visitor = newVisitor(cast);
    const play = () => visitor.throughSso(key, email);
    return { visitor, email, userId: undefined, play, playAsUsual: play };
  },
};

const invitedFromElsewhere: Story = {
  name: '07 an account elsewhere, invited, with the mailed code',
  ends: 'admitted',
  involved: 'secret',
  async arrange(cast, key, aside) {
    const email = employ(cast, key);
    const userId = await cast.createUser(email);
    const invitation = await cast.invite(email);
    const visitor = newVisitor(cast);
    return {
      visitor,
      email,
      userId,
      play: async () => proveIfAsked(visitor, await acceptAtIdp(visitor, invitation, key), email, aside),
      playAsUsual: () => visitor.throughSso(key, email, { prompt: 'login' }),
    };
  },
};

const unverifiedTwin: Story = {
  name: '09 an unverified twin, with the mailed code',
  ends: 'admitted',
  involved: 'secret',
  async arrange(cast, key, aside) {
    const email = employ(cast, key);
    const userId = await cast.createMember(email, { verified: false });
    const visitor = newVisitor(cast);
    const play = async () =>
      proveIfAsked(visitor, await visitor.throughSso(key, email, { prompt: 'login' }), email, aside);
    return { visitor, email, userId, play, playAsUsual: play };
  },
};

const passwordLogin: Story = {
  name: 'a password',
  ends: 'admitted',
  involved: 'secret',
  async arrange(cast, key) {
    const email = `${key}@plain.example`;
    const userId = await cast.createMember(email);
    const visitor = newVisitor(cast);
    const play = () => visitor.withPassword(email, PASSWORD, { prompt: 'login' });
    return { visitor, email, userId, play, playAsUsual: play };
  },
};

const signUpByInvitation: Story = {
  name: 'a sign-up by invitation',
  ends: 'admitted',
  involved: 'secret',
  async arrange(cast, key, aside) {
    const email = `${key}@plain.example`;
    const invitation = await cast.invite(email, { connectionId: undefined });
    const visitor = newVisitor(cast);
    return {
      visitor,
      email,
      userId: undefined,
      play: () =>
        accept(visitor, invitation, async (page) =>
          proveIfAsked(visitor, await visitor.browser.submit(page, { password: PASSWORD }), email, aside),
        ),
      playAsUsual: () => visitor.withPassword(email, PASSWORD, { prompt: 'login' }),
    };
  },
};

/** Every login story without a second factor that a fault is put into; those with one are in factor-stories.ts. */
export const LOGIN_STORIES: readonly Story[] = [
  invitedNewcomer,
  existingMember,
  stranger,
  invitedFromElsewhere,
  unverifiedTwin,
  passwordLogin,
  signUpByInvitation,
];

/** The stories that a killed process cuts off: those without mail, which a test would have to fetch in between. */
export const KILL_STORIES: readonly Story[] = [
  invitedNewcomer,
  existingMember,
  stranger,
  passwordLogin,
  signUpByInvitation,
];

/** The answer of the token endpoint. */
export interface TokenAnswer {
  readonly status: number;
  readonly body: Json;
}

/** A request of the application's own to the token endpoint; `parameters` without the client. */
export async function askForTokens(cast: Cast, parameters: Record<string, string>): Promise<TokenAnswer> {
  const response = await fetch(`${cast.instance.origin}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: cast.client.id, client_secret: cast.client.secret, ...parameters }),
  });
  return { status: response.status, body: (await response.json()) as Json };
}
