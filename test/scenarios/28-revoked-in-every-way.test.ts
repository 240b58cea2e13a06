/**
 * Story 28, every way against every kind of person: what the login depends on is taken away while they are at the IdP, or while the code
 * that proves their account is on its way. Refused with the code that names the cause, and nothing is left. Each in an organization of
 * its own.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Place, Visitor } from '../support/cast.js';
import type { Visit } from '../support/http-browser.js';
import type { Json } from '../support/instance.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { PLAYED_STRATEGIES, type PlayedCompany } from '../support/providers.js';
import { useStage } from '../support/stage.js';

/** An administrator's changes of the way to the IdP. */
const OPTIONS: Readonly<Record<'oidc' | 'saml', Readonly<Record<string, Json>>>> = {
  oidc: {
    'client secret': { client_secret: 'another-secret' },
    'client id': { client_id: 'another-client' },
  },
  saml: {
    'attribute that names people': { user_id_attribute: 'employee' },
    'signature of requests': { signSAMLRequest: true },
  },
};

describe.each(PLAYED_STRATEGIES)('over %s', (strategy) => {
  const stage = useStage({ strategy });
  let other: PlayedCompany;
  let places = 0;

  beforeAll(async () => {
    other = await stage.cast.play('other');
  });

  const api = (method: string, path: string, body?: unknown) => stage.instance.api(method, path, body);

  /** Somebody who is about to come back, and what their login depends on. */
  interface Scene {
    readonly place: Place;
    readonly domain: string;
    readonly userId: string | undefined;
    readonly invitationId: string | undefined;
    back(): Promise<Visit>;
  }

  async function newPlace(): Promise<{ place: Place; domain: string; email: string }> {
    const name = `w${++places}`;
    const domain = `${name}.example`;
    const email = `pat@${domain}`;
    const people = { pat: { sub: `idp-${name}`, email, email_verified: true } };
    return { place: await stage.cast.createPlace(name, people, { domain }), domain, email };
  }

  async function leave(visitor: Visitor, place: Place): Promise<Visit> {
    return visitor.open({ organization: place.id, connection: place.connectionName });
  }

  const kinds: Readonly<Record<string, () => Promise<Scene>>> = {
    async 'a member at his first sign-in'() {
      const { place, domain, email } = await newPlace();
      const userId = await stage.cast.createMember(email, { organizationId: place.id });
      const visitor = stage.visitor();
      const page = await leave(visitor, place);
      return { place, domain, userId, invitationId: undefined, back: () => visitor.signInAtIdp(page, 'pat') };
    },
    async 'a member who was linked before'() {
      const { place, domain, email } = await newPlace();
      const userId = await stage.cast.createMember(email, { organizationId: place.id });
      const first = stage.visitor();
      await first.redeem(await first.signInAtIdp(await leave(first, place), 'pat'));
      const visitor = stage.visitor();
      const page = await leave(visitor, place);
      return { place, domain, userId, invitationId: undefined, back: () => visitor.signInAtIdp(page, 'pat') };
    },
    async 'an invited newcomer with the link'() {
      const { place, domain, email } = await newPlace();
      const options = { organizationId: place.id, connectionId: place.connectionId };
      const invitation = await stage.cast.invite(email, options);
      const visitor = stage.visitor();
      const page = await visitor.accept(invitation, { organization: place.id });
      const back = () => visitor.signInAtIdp(page, 'pat');
      return { place, domain, userId: undefined, invitationId: invitation.id, back };
    },
    async 'an invited newcomer without the link'() {
      const { place, domain, email } = await newPlace();
      const options = { organizationId: place.id, connectionId: place.connectionId };
      const { id } = await stage.cast.invite(email, options);
      const visitor = stage.visitor();
      const page = await leave(visitor, place);
      const back = () => visitor.signInAtIdp(page, 'pat');
      return { place, domain, userId: undefined, invitationId: id, back };
    },
    async 'a newcomer under auto-membership'() {
      const { place, domain } = await newPlace();
      await stage.enablement({ assign_membership_on_login: true }, place.id, place.connectionId);
      const visitor = stage.visitor();
      const page = await leave(visitor, place);
      const back = () => visitor.signInAtIdp(page, 'pat');
      return { place, domain, userId: undefined, invitationId: undefined, back };
    },
    async 'a member whose code is on its way'() {
      const { place, domain, email } = await newPlace();
      const userId = await stage.cast.createMember(email, { organizationId: place.id, verified: false });
      const visitor = stage.visitor();
      const question = await visitor.signInAtIdp(await leave(visitor, place), 'pat');
      const code = await stage.mailedCode(email);
      const back = () => visitor.browser.submit(question, { code, action: 'code' });
      return { place, domain, userId, invitationId: undefined, back };
    },
  };

  async function changeOptions({ place }: Scene, changes: Json): Promise<void> {
    const options = { ...place.options, domain_aliases: [`${place.name}.example`], ...changes };
    await api('PATCH', `/connections/${place.connectionId}`, { options });
  }

  const enabled = ({ place }: Scene) => `/organizations/${place.id}/enabled_connections`;

  async function domainPath({ place, domain }: Scene): Promise<string> {
    const found = await api('GET', `/organizations/${place.id}/discovery-domains/name/${domain}`);
    return `/organizations/${place.id}/discovery-domains/${found.id}`;
  }

  interface Change {
    readonly name: string;
    run(scene: Scene): Promise<unknown>;
    readonly code: string;
    /** True for the people it concerns; everybody without it. */
    readonly concerns?: (scene: Scene) => boolean;
  }

  const isUser = ({ userId }: Scene) => userId !== undefined;
  const isInvited = ({ invitationId }: Scene) => invitationId !== undefined;

  const changes: readonly Change[] = [
    {
      name: 'whose sign-in the connection leads to',
      run: (scene) => {
        const { client_id, client_secret, ...elsewhere } = other.options;
        return changeOptions(scene, elsewhere);
      },
      code: 'identify.connection_changed',
    },
    ...Object.entries(OPTIONS[strategy === 'samlp' ? 'saml' : 'oidc']).map(([name, changed]) => ({
      name: `the ${name} of the connection`,
      run: (scene: Scene) => changeOptions(scene, changed),
      code: 'identify.connection_changed',
    })),
    {
      name: 'the domain that the connection is trusted for',
      run: (scene) => changeOptions(scene, { domain_aliases: [] }),
      code: 'identify.connection_changed',
    },
    {
      name: 'the proof of the domain, withdrawn',
      run: async (scene) => api('PATCH', await domainPath(scene), { status: 'pending' }),
      code: 'identify.connection_changed',
    },
    {
      name: 'the proof of the domain, deleted',
      run: async (scene) => api('DELETE', await domainPath(scene)),
      code: 'identify.connection_changed',
    },
    {
      name: 'how the organization uses the connection',
      run: ({ place }) => stage.enablement({ link_existing_members: 'never' }, place.id, place.connectionId),
      code: 'identify.connection_changed',
    },
    {
      name: 'the connection, taken from the organization',
      run: (scene) => api('DELETE', `${enabled(scene)}/${scene.place.connectionId}`),
      code: 'identify.connection_not_enabled',
    },
    {
      name: 'the connection, taken away and given back',
      async run(scene) {
        await api('DELETE', `${enabled(scene)}/${scene.place.connectionId}`);
        await api('POST', enabled(scene), { connection_id: scene.place.connectionId });
      },
      code: 'identify.connection_changed',
    },
    {
      name: 'the connection itself',
      run: ({ place }) => api('DELETE', `/connections/${place.connectionId}`),
      code: 'identify.connection_not_enabled',
    },
    {
      name: 'the organization, blocked',
      run: ({ place }) => api('PATCH', `/organizations/${place.id}`, { blocked: true }),
      code: 'identify.organization_blocked',
    },
    {
      name: 'the application, which the organization no longer lets in',
      run: ({ place }) => api('PATCH', `/organizations/${place.id}`, { is_app_entitlement_active: true }),
      code: 'identify.application_not_entitled',
    },
    {
      name: 'the organization itself',
      run: ({ place }) => api('DELETE', `/organizations/${place.id}`),
      code: 'identify.unknown_organization',
    },
    {
      name: 'the membership',
      run: ({ place, userId }) => api('DELETE', `/organizations/${place.id}/members`, { members: [userId] }),
      code: 'admit.not_a_member',
      concerns: isUser,
    },
    {
      name: 'the user, blocked',
      run: ({ userId }) => api('PATCH', `/users/${encodeURIComponent(String(userId))}`, { blocked: true }),
      code: 'admit.user_blocked',
      concerns: isUser,
    },
    {
      name: 'the user himself',
      run: ({ userId }) => api('DELETE', `/users/${encodeURIComponent(String(userId))}`),
      code: 'admit.not_a_member',
      concerns: isUser,
    },
    {
      name: 'the invitation',
      run: ({ place, invitationId }) => api('DELETE', `/organizations/${place.id}/invitations/${invitationId}`),
      code: 'admit.not_a_member',
      concerns: isInvited,
    },
  ];

  describe.each(Object.entries(kinds))('%s', (kind, arrange) => {
    test('comes in when nothing is taken away', async () => {
      const { back } = await arrange();
      expect((await back()).url.searchParams.has('code')).toBe(true);
    });

    const concerned = changes.filter(
      ({ concerns }) =>
        concerns === undefined ||
        concerns === (kind.includes('member ') ? isUser : kind.includes('invited') ? isInvited : undefined),
    );
    test.each(concerned)('$name: $code', async ({ name, run, code }) => {
      const scene = await arrange();
      await run(scene);
      const before = await stage.instance.snapshot();
      const answer = await scene.back();
      // A person who opened the link is told that it can be used no more; without it they are a stranger. An invitation to a connection
      // goes with the connection.
      const isGone = name === 'the invitation' || name === 'the connection itself';
      const expected = isGone && kind.includes('with the link') ? 'identify.invitation_not_found' : code;
      expect((await stage.refusal(answer)).details.code).toBe(expected);
      await expectNothingLeft(stage.instance, before, kind.includes('code') ? 'secret' : 'identity');
    });
  });
});
