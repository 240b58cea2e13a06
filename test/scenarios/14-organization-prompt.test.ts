/** Story 14, the rest: clients that let the person name or pick the organization, before or after the credentials. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, type Place, type Visitor } from '../support/cast.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { leaveOut, PLAYED_STRATEGIES, SAML_VOUCHES_NOT } from '../support/providers.js';
import { answerOf, useStage, wordsOf } from '../support/stage.js';

describe.each(PLAYED_STRATEGIES)('over %s', (strategy) => {
  const stage = useStage({ strategy });
  let dana: string;
  let beta: Place;

  beforeAll(async () => {
    dana = await stage.cast.createMember('dana@acme.example');
    beta = await stage.cast.createPlace('beta', {}, { domain: 'beta.example' });
    await stage.instance.api('POST', `/organizations/${beta.id}/members`, { members: [dana] });
    await stage.cast.createMember('one@plain.example');
    await stage.cast.createUser('none@plain.example');
  });

  const behave = (behavior: string) =>
    stage.instance.api('PATCH', `/clients/${stage.cast.client.id}`, {
      organization_usage: 'require',
      organization_require_behavior: behavior,
    });

  describe('pre_login_prompt', () => {
    beforeAll(() => behave('pre_login_prompt'));

    test.each([
      ['its name', 'acme'],
      ['its name in capitals', 'Acme'],
      ['an address in its proved domain', 'somebody@acme.example'],
    ])('the person types %s', async (_what, typed) => {
      const visitor = stage.visitor();
      const prompt = await visitor.open({ organization: '' });
      expect(prompt.url.pathname).toBe('/u/organization');
      const page = await visitor.browser.submit(prompt, { organization: typed });
      expect(page.url.pathname).toBe('/u/login/identifier');
      expect(wordsOf(page)).toContain('Sign in to Acme');
      const next = await visitor.type(page, 'dana@acme.example', 'password');
      const { claims } = await visitor.redeem(await visitor.browser.submit(next, { password: PASSWORD }));
      expect(claims).toMatchObject({ sub: dana, org_id: stage.cast.acme.id });
    });

    test('an unknown name is said to be unknown, and kept in the field', async () => {
      const before = await stage.instance.snapshot();
      const visitor = stage.visitor();
      const prompt = await visitor.open({ organization: '' });
      for (const typed of ['nosuch', 'somebody@nosuch.example', '']) {
        const page = await visitor.browser.submit(prompt, { organization: typed });
        expect(page.status).toBe(400);
        expect(wordsOf(page)).toContain('We do not know this organization');
        expect(page.forms[0]?.fields.organization).toBe(typed);
      }
      await expectNothingLeft(stage.instance, before);
    });

    describe('organization_discovery_methods', () => {
      const discover = (methods: readonly string[] | null) =>
        stage.instance.api('PATCH', `/clients/${stage.cast.client.id}`, { organization_discovery_methods: methods });
      afterAll(() => discover(null));

      test('email: the address names the organization, and nothing shows whose it is', async () => {
        await discover(['email']);
        const visitor = stage.visitor();
        const prompt = await visitor.open({ organization: '', login_hint: 'dana@acme.example' });
        expect(wordsOf(prompt)).toContain('Email address');
        expect(prompt.forms[0]?.fields.organization).toBe('dana@acme.example');
        for (const typed of ['dana@acme.example', 'nobody-at-all@acme.example']) {
          const page = await visitor.browser.submit(prompt, { organization: typed });
          expect(page.url.pathname).toBe('/u/login/identifier');
          expect(wordsOf(page)).toContain('Sign in to Acme');
          expect(page.forms[0]?.fields.username).toBe(typed);
        }
        // Of people outside of the organizations' own domains nothing shows either, member or not.
        for (const typed of ['one@plain.example', 'nobody-at-all@plain.example']) {
          const page = await visitor.browser.submit(prompt, { organization: typed });
          expect(page.status).toBe(400);
          expect(wordsOf(page)).toContain('No organization signs people in with this address.');
        }
        const name = await visitor.browser.submit(prompt, { organization: 'acme' });
        expect(name.status).toBe(400);
        expect(wordsOf(name)).toContain('Type your email address');
      });

      test('organization_name: the name alone; both: either', async () => {
        const type = async (typed: string) => {
          const visitor = stage.visitor();
          return visitor.browser.submit(await visitor.open({ organization: '' }), { organization: typed });
        };
        await discover(['organization_name']);
        expect((await type('acme')).url.pathname).toBe('/u/login/identifier');
        expect(wordsOf(await type('dana@acme.example'))).toContain('We do not know this organization');
        await discover(['email', 'organization_name']);
        for (const typed of ['acme', 'dana@acme.example'])
          expect((await type(typed)).url.pathname).toBe('/u/login/identifier');
      });
    });

    test('who is signed in is asked for the organization like everybody, and for nothing else', async () => {
      const visitor = stage.visitor();
      await visitor.redeem(await visitor.withPassword('dana@acme.example'));
      for (const usage of ['allow', 'require']) {
        await stage.instance.api('PATCH', `/clients/${stage.cast.client.id}`, { organization_usage: usage });
        const prompt = await visitor.open({ organization: '' });
        expect(prompt.url.pathname).toBe('/u/organization');
        const { claims } = await visitor.redeem(await visitor.browser.submit(prompt, { organization: 'acme' }));
        expect(claims).toMatchObject({ sub: dana, org_id: stage.cast.acme.id });
      }
      const prompt = await visitor.open({ organization: '' });
      expect(answerOf(await visitor.browser.submit(prompt, { organization: 'dana@acme.example' }))).toHaveProperty(
        'code',
      );
      const anew = await visitor.open({ organization: '' });
      const other = await visitor.browser.submit(anew, { organization: 'somebody@acme.example' });
      expect(other.url.pathname).toBe('/u/login/identifier');
      const again = await visitor.open({ organization: '', prompt: 'login' });
      expect((await visitor.browser.submit(again, { organization: 'acme' })).url.pathname).toBe('/u/login/identifier');
    });

    test('prompt=none: interaction_required for who is signed in, login_required for everybody else', async () => {
      const visitor = stage.visitor();
      expect(answerOf(await visitor.open({ organization: '', prompt: 'none' }))).toMatchObject({
        error: 'login_required',
      });
      await visitor.redeem(await visitor.withPassword('dana@acme.example'));
      const answer = await visitor.open({ organization: '', prompt: 'none' });
      expect(answerOf(answer)).toMatchObject({
        error: 'interaction_required',
        error_description: 'the organization has to be chosen',
        state: 'app-state',
      });
      expect((await stage.refusal(answer)).details.code).toBe('identify.organization_not_chosen');
    });

    test('an organization in the request spares the prompt', async () => {
      expect((await stage.visitor().open()).url.pathname).toBe('/u/login/identifier');
    });
  });

  describe('post_login_prompt', () => {
    beforeAll(() => behave('post_login_prompt'));

    const signIn = async (visitor: Visitor, email: string, password = PASSWORD) => {
      const page = await visitor.type(await visitor.open({ organization: '' }), email, 'password');
      return visitor.browser.submit(page, { password });
    };

    test('several organizations: the person picks one of his own', async () => {
      const before = await stage.instance.snapshot();
      const visitor = stage.visitor();
      const picker = await signIn(visitor, 'dana@acme.example');
      expect(picker.url.pathname).toBe('/u/organization-picker');
      expect(wordsOf(picker)).toContain('Acme');
      expect(wordsOf(picker)).toContain('Beta');
      await expectNothingLeft(stage.instance, before, 'secret');
      const foreign = await stage.cast.createPlace('foreign', {});
      const refused = await visitor.browser.submit(picker, { organization: foreign.id });
      expect(refused.status).toBe(400);
      const { claims } = await visitor.redeem(await visitor.browser.submit(picker, { organization: beta.id }));
      expect(claims).toMatchObject({ sub: dana, org_id: beta.id });
    });

    test('a single one is chosen by itself', async () => {
      const visitor = stage.visitor();
      const { claims } = await visitor.redeem(await signIn(visitor, 'one@plain.example'));
      expect(claims).toMatchObject({ org_id: stage.cast.acme.id });
    });

    test('none: refused after the password was right, and nothing is left', async () => {
      const before = await stage.instance.snapshot();
      const visitor = stage.visitor();
      const answer = await signIn(visitor, 'none@plain.example');
      expect(answerOf(answer).error).toBe('access_denied');
      expect((await stage.refusal(answer)).details.code).toBe('admit.not_a_member');
      await expectNothingLeft(stage.instance, before, 'secret');
    });

    test('a wrong password reads like everywhere', async () => {
      const page = await signIn(stage.visitor(), 'dana@acme.example', 'not the password');
      expect(page.status).toBe(400);
      expect(wordsOf(page)).toContain('Wrong email or password.');
    });

    test('membership that ends while the picker is shown is looked at again', async () => {
      const visitor = stage.visitor();
      const picker = await signIn(visitor, 'dana@acme.example');
      await stage.instance.api('DELETE', `/organizations/${beta.id}/members`, { members: [dana] });
      const before = await stage.instance.snapshot();
      const page = await visitor.browser.submit(picker, { organization: beta.id });
      expect(page.status).toBe(400);
      await expectNothingLeft(stage.instance, before);
      await stage.instance.api('POST', `/organizations/${beta.id}/members`, { members: [dana] });
    });

    test('through the IdP of one organization only that one may be entered', async () => {
      await behave('no_prompt');
      const linked = stage.visitor();
      const page = await linked.throughSso('dana', 'dana@acme.example');
      expect(page.url.pathname).toBe('/u/proof');
      await linked.redeem(
        await linked.browser.submit(page, { code: await stage.mailedCode('dana@acme.example'), action: 'code' }),
      );
      await stage.instance.api('PATCH', `/connections/${stage.cast.acme.connectionId}/clients`, [
        { client_id: stage.cast.client.id, status: true },
      ]);
      await behave('post_login_prompt');
      const visitor = stage.visitor();
      const typed = await visitor.open({ organization: '', connection: stage.cast.acme.connectionName });
      const { claims } = await visitor.redeem(await visitor.signInAtIdp(typed, 'dana'));
      expect(claims).toMatchObject({ sub: dana, org_id: stage.cast.acme.id });
      const before = await stage.instance.snapshot();
      const answer = await atAcme('sam');
      expect(await stage.refusal(answer)).toMatchObject({
        organization_id: stage.cast.acme.id,
        details: { code: 'admit.not_a_member' },
      });
      await expectNothingLeft(stage.instance, before);
    });

    const atAcme = async (login: string, visitor = stage.visitor()) =>
      visitor.signInAtIdp(await visitor.open({ organization: '', connection: stage.cast.acme.connectionName }), login);

    test('a member who first comes through the IdP keeps his seat', async () => {
      stage.cast.people.mia = { sub: 'idp-mia', email: 'mia@acme.example', email_verified: true };
      const mia = await stage.cast.createMember('mia@acme.example');
      const visitor = stage.visitor();
      const { claims } = await visitor.redeem(await atAcme('mia', visitor));
      expect(claims).toMatchObject({ sub: mia, org_id: stage.cast.acme.id });
    });

    test('auto-membership where a single organization has it on, and nowhere when two have', async () => {
      stage.cast.people.tom = { sub: 'idp-tom', email: 'tom@acme.example', email_verified: true };
      stage.cast.people.kim = { sub: 'idp-kim', email: 'kim@acme.example', email_verified: true };
      const enabled = { connection_id: stage.cast.acme.connectionId, assign_membership_on_login: true };
      await stage.instance.api('POST', `/organizations/${beta.id}/enabled_connections`, enabled);
      try {
        await stage.enablement({ assign_membership_on_login: true });
        const before = await stage.instance.snapshot();
        expect((await stage.refusal(await atAcme('tom'))).details.code).toBe('admit.not_a_member');
        await expectNothingLeft(stage.instance, before);
        await stage.enablement({ assign_membership_on_login: false });
        // acme.example is Acme's by proof: no other organization gets its people by itself.
        expect((await stage.refusal(await atAcme('tom'))).details.code).toBe('admit.not_a_member');
        await stage.enablement({ assign_membership_on_login: true });
        await stage.enablement({ assign_membership_on_login: false }, beta.id, stage.cast.acme.connectionId);
        for (const login of ['tom', 'kim', 'tom']) {
          const visitor = stage.visitor();
          const { claims } = await visitor.redeem(await atAcme(login, visitor));
          expect(claims).toMatchObject({ email: `${login}@acme.example`, org_id: stage.cast.acme.id });
        }
      } finally {
        await stage.enablement({ assign_membership_on_login: false });
        await stage.instance.api(
          'DELETE',
          `/organizations/${beta.id}/enabled_connections/${stage.cast.acme.connectionId}`,
        );
      }
    });

    test('an identity of two organizations picks one, and proves the account that it has there', async (context) => {
      leaveOut(context, strategy, { samlp: SAML_VOUCHES_NOT });
      const shared = { connection_id: stage.cast.acme.connectionId, assign_membership_on_login: false };
      await stage.instance.api('POST', `/organizations/${beta.id}/enabled_connections`, shared);
      try {
        stage.cast.people.bo = { sub: 'idp-bo', email: 'bo@free.example', email_verified: true };
        const bo = await stage.cast.createMember('bo@free.example');
        await stage.instance.api('POST', `/organizations/${beta.id}/members`, { members: [bo] });
        const before = await stage.instance.snapshot();
        const visitor = stage.visitor();
        const picker = await atAcme('bo', visitor);
        expect(picker.url.pathname).toBe('/u/organization-picker');
        expect(wordsOf(picker)).toContain('bo@free.example');
        await expectNothingLeft(stage.instance, before);
        const proof = await visitor.browser.submit(picker, { organization: beta.id });
        expect(proof.url.pathname).toBe('/u/proof');
        const code = await stage.mailedCode('bo@free.example');
        const { claims } = await visitor.redeem(await visitor.browser.submit(proof, { code, action: 'code' }));
        expect(claims).toMatchObject({ sub: bo, org_id: beta.id });
      } finally {
        await stage.instance.api(
          'DELETE',
          `/organizations/${beta.id}/enabled_connections/${stage.cast.acme.connectionId}`,
        );
      }
    });

    describe('who is signed in', () => {
      const signedIn = async (email: string) => {
        const visitor = stage.visitor();
        await visitor.redeem(await visitor.withPassword(email));
        return visitor;
      };

      test('gets the picker at once, and the session goes on', async () => {
        const visitor = await signedIn('dana@acme.example');
        const picker = await visitor.open({ organization: '' });
        expect(picker.url.pathname).toBe('/u/organization-picker');
        expect(wordsOf(picker)).toContain('dana@acme.example');
        const { claims } = await visitor.redeem(await visitor.browser.submit(picker, { organization: beta.id }));
        expect(claims).toMatchObject({ sub: dana, org_id: beta.id });
      });

      test('enters the only one without a page, silently too', async () => {
        const visitor = await signedIn('one@plain.example');
        for (const prompt of ['', 'none']) {
          const { claims } = await visitor.redeem(await visitor.open({ organization: '', prompt }));
          expect(claims).toMatchObject({ org_id: stage.cast.acme.id });
        }
        expect((await visitor.open({ organization: '', prompt: 'login' })).url.pathname).toBe('/u/login/identifier');
      });

      test('prompt=none where a choice is needed: interaction_required; without a session: login_required', async () => {
        const visitor = await signedIn('dana@acme.example');
        const answer = await visitor.open({ organization: '', prompt: 'none' });
        expect(answerOf(answer).error).toBe('interaction_required');
        expect((await stage.refusal(answer)).details.code).toBe('identify.organization_not_chosen');
        const stranger = await stage.visitor().open({ organization: '', prompt: 'none' });
        expect(answerOf(stranger).error).toBe('login_required');
      });

      test('a session that ends while the picker is shown proves nothing any more', async () => {
        const visitor = await signedIn('dana@acme.example');
        const picker = await visitor.open({ organization: '' });
        await stage.instance.database.pool.query('delete from sessions where user_id = $1', [dana]);
        const page = await visitor.browser.submit(picker, { organization: beta.id });
        expect(page.url.pathname).toBe('/u/login/identifier');
      });

      test('attack: a session that became another person’s meanwhile enters nothing under the first one’s name', async () => {
        const visitor = await signedIn('dana@acme.example');
        const picker = await visitor.open({ organization: '' });
        await visitor.redeem(await visitor.withPassword('one@plain.example', undefined, { prompt: 'login' }));
        const page = await visitor.browser.submit(picker, { organization: stage.cast.acme.id });
        expect([page.url.origin, page.url.pathname]).toEqual([stage.instance.origin, '/u/login/identifier']);
      });

      test('a session that may enter nothing asks for another sign-in', async () => {
        await behave('no_prompt');
        const visitor = stage.visitor();
        await stage.instance.api('PATCH', `/clients/${stage.cast.client.id}`, { organization_usage: 'allow' });
        await visitor.redeem(await visitor.withPassword('none@plain.example', undefined, { organization: '' }));
        await behave('post_login_prompt');
        expect((await visitor.open({ organization: '' })).url.pathname).toBe('/u/login/identifier');
      });
    });
  });
});
