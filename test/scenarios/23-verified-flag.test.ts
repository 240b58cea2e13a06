/**
 * Story 23: what an IdP says about an address counts only as the boolean true, or where the organization has proved the domain on a
 * connection that is trusted for it.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Place } from '../support/cast.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { leaveOut, PLAYED_STRATEGIES } from '../support/providers.js';
import type { Person } from '../support/scripted-idp.js';
import { answerOf, useStage } from '../support/stage.js';

const FLAGS = [
  ['missing', undefined],
  ['false', false],
  ['the text "true"', 'true'],
  ['1', 1],
] as const;

describe.each(PLAYED_STRATEGIES)('over %s', (strategy) => {
  const stage = useStage({ strategy });
  let open: Place;
  const people: Record<string, Person> = {};

  beforeAll(async () => {
    open = await stage.cast.createPlace('open', people);
  });

  /** A member with a password who has used his membership before: all that is missing is somebody who vouches for the address. */
  async function createSeasoned(email: string, organizationId: string): Promise<string> {
    const userId = await stage.cast.createMember(email, { organizationId });
    const visitor = stage.visitor();
    await visitor.redeem(await visitor.withPassword(email, undefined, { organization: organizationId }));
    return userId;
  }

  async function throughOpen(login: string) {
    const visitor = stage.visitor();
    const page = await visitor.open({ organization: open.id, connection: open.connectionName });
    return { visitor, answer: await visitor.signInAtIdp(page, login) };
  }

  describe('a domain that nobody proved', () => {
    test.each(FLAGS)('email_verified is %s: not linked, refused, nothing left', async (_name, flag) => {
      const email = `member-${String(flag)}@plain.example`;
      await createSeasoned(email, open.id);
      people.member = { sub: `sub-${String(flag)}`, email, ...(flag !== undefined && { email_verified: flag }) };
      const before = await stage.instance.snapshot();
      const { answer } = await throughOpen('member');
      expect(answerOf(answer).error).toBe('access_denied');
      const line = await stage.refusal(answer);
      expect(line.details.code).toBe('admit.not_a_member');
      expect(line.details.trace).toContainEqual(
        expect.objectContaining({ stage: 'resolve', rule: 'address_vouched', answer: 'refuse' }),
      );
      // A member has this very address: the log must not say that there is none.
      expect(line.details.trace).toContainEqual(
        expect.objectContaining({
          rule: 'belongs_here',
          evidence: { member_with_this_address: 'not_looked_up', because: 'address_not_vouched' },
        }),
      );
      await expectNothingLeft(stage.instance, before);
    });

    test.each(FLAGS)('email_verified is %s: no invitation is accepted on its word', async (_name, flag) => {
      const email = `invited-${String(flag)}@plain.example`;
      people.invited = { sub: `inv-${String(flag)}`, email, ...(flag !== undefined && { email_verified: flag }) };
      await stage.cast.invite(email, { organizationId: open.id, connectionId: open.connectionId });
      const before = await stage.instance.snapshot();
      const { answer } = await throughOpen('invited');
      expect(answerOf(answer).error).toBe('access_denied');
      await expectNothingLeft(stage.instance, before);
    });

    test('a company that signs in by SAML cannot say it: not linked, refused, nothing left', async (context) => {
      context.skip(strategy !== 'samlp', `${strategy}: says it of each address`);
      await createSeasoned('asserted@plain.example', open.id);
      people.member = { sub: 'sub-asserted', email: 'asserted@plain.example', email_verified: true };
      const before = await stage.instance.snapshot();
      const { answer } = await throughOpen('member');
      expect((await stage.refusal(answer)).details.code).toBe('admit.not_a_member');
      await expectNothingLeft(stage.instance, before);
    });

    const cannotSay = { samlp: 'cannot say it' } as const;
    test('email_verified is true: linked', async (context) => {
      leaveOut(context, strategy, cannotSay);
      const userId = await createSeasoned('member@plain.example', open.id);
      people.member = { sub: 'sub-true', email: 'member@plain.example', email_verified: true };
      const { visitor, answer } = await throughOpen('member');
      expect((await visitor.redeem(answer)).claims).toMatchObject({ sub: userId, org_id: open.id });
    });

    test('email_verified is true, but the member has never used the seat: asked for a proof first', async (context) => {
      leaveOut(context, strategy, cannotSay);
      await stage.cast.createMember('added@plain.example', { organizationId: open.id });
      people.member = { sub: 'sub-added', email: 'added@plain.example', email_verified: true };
      const before = await stage.instance.snapshot();
      const { answer } = await throughOpen('member');
      expect(answer.url.pathname).toBe('/u/proof');
      await expectNothingLeft(stage.instance, before, 'secret');
    });
  });

  describe('a domain that Acme proved, at its own connection', () => {
    test.each(FLAGS)('email_verified is %s: the domain vouches, linked', async (_name, flag) => {
      const name = `m-${String(flag)}`;
      const email = `${name}@acme.example`;
      const userId = await stage.cast.createMember(email);
      stage.cast.people[name] = {
        sub: `a-${String(flag)}`,
        email,
        ...(flag !== undefined && { email_verified: flag }),
      };
      const visitor = stage.visitor();
      const { claims } = await visitor.redeem(await visitor.throughSso(name, email));
      expect(claims).toMatchObject({ sub: userId, org_id: stage.cast.acme.id });
    });

    test.each([
      ['a subdomain', 'member@mail.acme.example'],
      ['a domain that ends alike', 'member@notacme.example'],
    ])('%s is another domain', async (_name, email) => {
      await createSeasoned(email, stage.cast.acme.id);
      stage.cast.people.other = { sub: `o-${email}`, email };
      const before = await stage.instance.snapshot();
      const visitor = stage.visitor();
      const page = await visitor.open({ connection: stage.cast.acme.connectionName });
      const answer = await visitor.signInAtIdp(page, 'other');
      expect(answerOf(answer).error).toBe('access_denied');
      await expectNothingLeft(stage.instance, before);
    });

    test.each([
      ['letters that fold to ASCII', 'member@\u{1d5ba}cme.example'],
      ['a quoted name', '"member"@acme.example'],
      ['two addresses', 'member@acme.example,other@acme.example'],
      ['a display name', 'Member <member@acme.example>'],
      ['a space', ' member@acme.example'],
    ])('an address with %s is none', async (_name, email) => {
      await stage.cast.createMember(`x${crypto.randomUUID()}@acme.example`);
      stage.cast.people.odd = { sub: `odd-${email.length}`, email, email_verified: true };
      const before = await stage.instance.snapshot();
      const visitor = stage.visitor();
      const answer = await visitor.signInAtIdp(
        await visitor.open({ connection: stage.cast.acme.connectionName }),
        'odd',
      );
      expect(answerOf(answer).error).toBe('access_denied');
      expect((await stage.refusal(answer)).details.trace).toContainEqual(
        expect.objectContaining({ rule: 'address_strict', answer: 'refuse' }),
      );
      await expectNothingLeft(stage.instance, before);
    });

    test('a domain that is pending proves nothing', async () => {
      const place = await stage.cast.createPlace('pending', people, {});
      await stage.instance.api('PATCH', `/connections/${place.connectionId}`, {
        options: { ...place.options, domain_aliases: ['pending.example'] },
      });
      await stage.instance.api('POST', `/organizations/${place.id}/discovery-domains`, { domain: 'pending.example' });
      await createSeasoned('member@pending.example', place.id);
      people.member = { sub: 'p-1', email: 'member@pending.example' };
      const before = await stage.instance.snapshot();
      const visitor = stage.visitor();
      const answer = await visitor.throughSso('member', 'member@pending.example', { organization: place.id });
      expect(answerOf(answer).error).toBe('access_denied');
      await expectNothingLeft(stage.instance, before);
    });
  });
});
