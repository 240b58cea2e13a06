/**
 * Login stories with second factors and passkeys, for tests that cut a login off somewhere and let the person try again:
 * a factor that is set up, passed or replaced by a recovery code, and a passkey instead of a password.
 */
import { createAuthenticator } from './authenticator.js';
import { type Cast, PASSWORD, type Visitor } from './cast.js';
import { asksForFactor, OtpApp, recoveryCodeOf, STEP_UP } from './factors.js';
import type { Visit } from './http-browser.js';
import { mailedCode, newVisitor, type Scene, type Story } from './login-stories.js';
import { linkOf } from './stage.js';

/** A member with a password, at an application that asks for one of these factors. */
async function stepUp(cast: Cast, key: string, factors: readonly string[]) {
  const email = `${key}@plain.example`;
  const userId = await cast.createMember(email);
  const accepted = Object.fromEntries(factors.map((name) => [name, true]));
  await cast.instance.database.pool.query('update tenant set guardian = $1', [JSON.stringify({ factors: accepted })]);
  const ask = (who: Visitor) => who.withPassword(email, PASSWORD, { prompt: 'login', ...STEP_UP });
  return { visitor: newVisitor(cast), email, userId, ask };
}

const sceneOf = (scene: Omit<Scene, 'play' | 'playAsUsual'>, play: () => Promise<Visit>): Scene => ({
  visitor: scene.visitor,
  email: scene.email,
  userId: scene.userId,
  play,
  playAsUsual: play,
});

async function withApp(cast: Cast, key: string) {
  const { ask, ...scene } = await stepUp(cast, key, ['otp', 'email', 'recovery-code']);
  const app = new OtpApp();
  return { ...scene, ask, app, enter: async (who: Visitor) => app.answer(who, await ask(who)) };
}

const appSetUp: Story = {
  name: 'a second factor, set up in the login',
  ends: 'admitted',
  involved: 'secret',
  async arrange(cast, key) {
    const { enter, ...scene } = await withApp(cast, key);
    return sceneOf(scene, () => enter(scene.visitor));
  },
};

const codePassed: Story = {
  name: 'a second factor, passed',
  ends: 'admitted',
  involved: 'secret',
  async arrange(cast, key, aside) {
    const { enter, app, ...scene } = await withApp(cast, key);
    await aside(async () => {
      await enter(newVisitor(cast));
      app.rest();
      await cast.instance.database.pool.query('update factors set last_step = last_step - 10 where user_id = $1', [
        scene.userId,
      ]);
    });
    return sceneOf(scene, () => enter(scene.visitor));
  },
};

const codeByMail: Story = {
  name: 'a second factor, by a mailed code',
  ends: 'admitted',
  involved: 'secret',
  async arrange(cast, key, aside) {
    const { ask, enter, ...scene } = await withApp(cast, key);
    await aside(() => enter(newVisitor(cast)));
    const { visitor, email } = scene;
    return sceneOf(scene, async () => {
      const form = await visitor.browser.visit(linkOf(await ask(visitor), 'Get a code by email'));
      const sent = await visitor.browser.submit(form, { action: 'send' });
      return visitor.browser.submit(sent, { code: await mailedCode(cast, email, aside, 'factor_code') });
    });
  },
};

/** The person keeps every code that a page showed: until the login is done, the code before is still the right one. */
const recoveryCode: Story = {
  name: 'a recovery code, replaced in the login',
  ends: 'admitted',
  involved: 'secret',
  async arrange(cast, key, aside) {
    const { ask, app, ...scene } = await withApp(cast, key);
    const codes: string[] = [];
    const keep = (page: Visit) => {
      const shown = recoveryCodeOf(page);
      if (shown !== undefined && !codes.includes(shown)) codes.unshift(shown);
      return shown !== undefined;
    };
    await aside(async () => {
      const who = newVisitor(cast);
      const page = await ask(who);
      app.secret = /data-copy="([A-Z2-7]{32})"/.exec(page.text)?.[1];
      const shown = await who.browser.submit(page, { code: app.code() });
      keep(shown);
      await who.browser.submit(shown, {});
    });
    const play = async () => {
      const { browser } = scene.visitor;
      const question = await ask(scene.visitor);
      let page = await browser.visit(linkOf(question, 'Use a recovery code'));
      for (const code of [...codes]) {
        page = await browser.submit(page, { code });
        if (page.status !== 400) break;
      }
      return keep(page) ? browser.submit(page, {}) : page;
    };
    return sceneOf(scene, play);
  },
};

function optionsOf(page: Visit, how: 'create' | 'get'): string {
  const found = new RegExp(`data-passkey-${how}="([^"]+)"`).exec(page.text)?.[1];
  if (found === undefined) throw new Error(`the page asks for no key: ${page.status} ${page.url.href}`);
  return found.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}

/** A member with a key or passkey of theirs; sets it up where the page asks for that. */
async function withKey(cast: Cast, key: string, kind: 'webauthn-roaming' | 'webauthn-platform') {
  // A tenant cannot ask for a passkey alone.
  const { ask, ...scene } = await stepUp(cast, key, ['webauthn-roaming', kind]);
  const { hostname: rpId, origin } = new URL(cast.instance.origin);
  const device = createAuthenticator({ origin, rpId });
  const enter = async (who: Visitor) => {
    const page = await ask(who);
    if (!asksForFactor(page)) return page;
    if (page.text.includes('data-passkey-get='))
      return who.browser.submit(page, { answer: device.get(optionsOf(page, 'get')) });
    return who.browser.submit(page, { answer: device.create(optionsOf(page, 'create')) });
  };
  return { ...scene, device, enter };
}

const keySetUp: Story = {
  name: 'a security key, set up in the login',
  ends: 'admitted',
  involved: 'secret',
  async arrange(cast, key) {
    const { enter, ...scene } = await withKey(cast, key, 'webauthn-roaming');
    return sceneOf(scene, () => enter(scene.visitor));
  },
};

const keyPassed: Story = {
  name: 'a security key, passed',
  ends: 'admitted',
  involved: 'secret',
  async arrange(cast, key, aside) {
    const { enter, ...scene } = await withKey(cast, key, 'webauthn-roaming');
    await aside(() => enter(newVisitor(cast)));
    return sceneOf(scene, () => enter(scene.visitor));
  },
};

const passkeyLogin: Story = {
  name: 'a passkey instead of a password',
  ends: 'admitted',
  involved: 'secret',
  async arrange(cast, key, aside) {
    const { enter, device, ...scene } = await withKey(cast, key, 'webauthn-platform');
    await aside(async () => {
      await enter(newVisitor(cast));
      await cast.instance.api('PATCH', `/connections/${cast.databaseId}`, {
        options: { authentication_methods: { password: { enabled: true }, passkey: { enabled: true } } },
      });
    });
    const play = async () => {
      const page = await scene.visitor.open({ prompt: 'login' });
      return scene.visitor.browser.submit(page, { answer: device.get(optionsOf(page, 'get')) });
    };
    return sceneOf(scene, play);
  },
};

/** The last one lets the database connection have passkeys, which its pages offer from then on: play it after the others. */
export const FACTOR_STORIES: readonly Story[] = [
  appSetUp,
  codePassed,
  codeByMail,
  recoveryCode,
  keySetUp,
  keyPassed,
  passkeyLogin,
];
