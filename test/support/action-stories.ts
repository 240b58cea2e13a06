/**
 * Logins with Actions as scripts that can be played again and again, each time by somebody new, for tests that cut a login off
 * somewhere. One Action, {@link STORIED}, does what the first letters of the person's name say, so that nothing has to be deployed again.
 */
import { CALLBACK, type Cast, Visitor } from './cast.js';
import type { Scene, Story } from './login-stories.js';
import { WatchfulBrowser } from './nothing-or-everything.js';

/** Where the redirecting story sends people. */
const TERMS = `${CALLBACK}-terms`;

/** Agrees and writes; denies `no…`; sends `terms…` elsewhere and agrees afterwards. */
export const STORIED = `const agree = (event, api) => {
  api.user.setAppMetadata('plan', 'gold');
  api.user.setUserMetadata('color', 'red');
  api.idToken.setCustomClaim('https://a.example/plan', 'gold');
  api.session.setMetadata('device', 'kiosk');
};
exports.onExecutePostLogin = async (event, api) => {
  agree(event, api);
  if (event.user.email.startsWith('no')) return api.access.deny('not on the list');
  if (event.user.email.startsWith('terms')) api.redirect.sendUserTo(${JSON.stringify(TERMS)});
};
exports.onContinuePostLogin = async (event, api) => {
  api.user.setAppMetadata('terms', event.request.query.terms);
};`;

/** Lets people whom no rule admits in as editors. */
export const ADMITTING = `exports.onExecuteOrganizationAdmission = async (event, api) => {
  if (event.email.address.startsWith('admit')) api.admission.allow({ roles: ['editor'] });
};`;

export interface ActionStory extends Story {
  /** Under which names people of this story come. */
  readonly prefix: string;
}

function bySso(cast: Cast, key: string): Scene {
  const email = `${key}@acme.example`;
  cast.people[key] = { sub: `idp-${key}`, email, email_verified: true, name: `Person ${key}` };
  const visitor = new Visitor(cast, new WatchfulBrowser(CALLBACK));
  const play = async () => {
    const visit = await visitor.throughSso(key, email, { prompt: 'login' });
    if (!visit.url.href.startsWith(TERMS)) return visit;
    const state = visit.url.searchParams.get('state') ?? '';
    return visitor.browser.visit(`${cast.instance.origin}/continue?state=${state}&terms=accepted`);
  };
  return { visitor, email, userId: `oidc|acme-oidc|idp-${key}`, play, playAsUsual: play };
}

function story(name: string, prefix: string, ends: Story['ends']): ActionStory {
  return { name, prefix, ends, involved: 'identity', arrange: async (cast, key) => bySso(cast, key) };
}

/** A newcomer by auto-membership, whose Action writes. */
export const AGREED = story('a newcomer, and the Action agrees and writes', 'yes', 'admitted');
export const DENIED = story('a newcomer, and the Action denies', 'no', 'refused');
export const REDIRECTED = story('a newcomer who is sent elsewhere and comes back', 'terms', 'admitted');
/** Auto-membership has to be off. */
export const ADMITTED = story('somebody whom an Action admits', 'admit', 'admitted');
/** By invitation, so that in Auth0's order it is used before the Action is asked. */
export const INVITED: ActionStory = {
  ...story('an invited newcomer, and the Action agrees and writes', 'ivy', 'admitted'),
  async arrange(cast, key) {
    const scene = bySso(cast, key);
    const invitation = await cast.invite(scene.email);
    return {
      ...scene,
      async play() {
        const page = await scene.visitor.open({ invitation: invitation.ticket });
        if (page.status === 0) return page;
        return scene.visitor.signInAtIdp(await scene.visitor.browser.submit(page, { action: 'default' }), key);
      },
    };
  },
};
