/**
 * The operator changes the issuer of a connection. The people whom the former one named are bound as it named them, and the same subject may be
 * somebody else now: they are refused in so many words, and the operator has ways to say who is who. Beside it: the id of an account
 * never comes to mean another person, whatever becomes of connections.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Place } from '../support/cast.js';
import type { Json } from '../support/instance.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { useStage } from '../support/stage.js';

const stage = useStage();
const api = (...call: Parameters<typeof stage.instance.api>) => stage.instance.api(...call);
let serial = 0;
let place: Place;
let next: Place;

const optionsOf = ({ idp }: Place): Json => ({
  type: 'back_channel',
  issuer: idp.issuer,
  discovery_url: `${idp.issuer}/.well-known/openid-configuration`,
  client_id: idp.clientId,
  client_secret: idp.clientSecret,
});

/** Ivan and Irma come through the old provider; then the connection points at the new one, where Irma has another subject. */
beforeEach(async () => {
  serial += 1;
  const email = (name: string) => `${name}${serial}@moved.example`;
  place = await stage.cast.createPlace(`place${serial}`, {
    ivan: { sub: 'm-ivan', email: email('ivan'), email_verified: true },
    irma: { sub: 'm-irma', email: email('irma'), email_verified: true },
  });
  next = await stage.cast.createPlace(`next${serial}`, {
    ivan: { sub: 'm-ivan', email: email('ivan'), email_verified: true },
    irma: { sub: 'new-irma', email: email('irma'), email_verified: true },
    stranger: { sub: 'm-irma', email: email('stranger'), email_verified: true },
  });
  await stage.enablement({ assign_membership_on_login: true }, place.id, place.connectionId);
});

async function enter(login: string) {
  const visitor = stage.visitor();
  const page = await visitor.open({ organization: place.id, connection: place.connectionName });
  return { visitor, answer: await visitor.signInAtIdp(page, login) };
}

async function subjectOf(login: string): Promise<unknown> {
  const { visitor, answer } = await enter(login);
  return (await visitor.redeem(answer)).claims.sub;
}

async function codeOf(login: string): Promise<unknown> {
  const before = await stage.instance.snapshot();
  const { code } = (await stage.refusal((await enter(login)).answer)).details;
  await expectNothingLeft(stage.instance, before);
  return code;
}

/** The rule that `explain` names for this question at the place's connection. */
async function explained(body: Json): Promise<unknown> {
  const question = { connection_id: place.connectionId, ...body };
  return (await api('POST', `/organizations/${place.id}/explain`, question)).rule;
}

const move = () => api('PATCH', `/connections/${place.connectionId}`, { options: optionsOf(next) });
const expectAgain = (body: Json) =>
  api('POST', `/connections/${place.connectionId}/former-identities`, { former_issuer: place.idp.issuer, ...body });

describe('nobody is locked out for good', () => {
  test('by the same subject: for a provider that only got another address', async () => {
    const ivan = await subjectOf('ivan');
    expect((await move()).warnings).toEqual([
      expect.objectContaining({ id: 'people_of_former_issuer', people: 1, former_issuer: place.idp.issuer }),
    ]);
    expect(await codeOf('ivan')).toBe('resolve.issuer_changed');
    expect(await expectAgain({ expect_by: 'subject', dry_run: true })).toMatchObject({
      expected: 1,
      skipped: 0,
      dry_run: true,
    });
    expect(await codeOf('ivan'), 'a rehearsal changes nothing').toBe('resolve.issuer_changed');
    expect(await expectAgain({ expect_by: 'subject' })).toMatchObject({ expected: 1, skipped: 0 });
    expect(await subjectOf('ivan')).toBe(ivan);
    expect(await subjectOf('ivan'), 'and from then on').toBe(ivan);
  });

  test('people of a customer’s connection whom the operator assigned prove nothing again', async () => {
    const ivan = await subjectOf('ivan');
    await api('PATCH', `/connections/${place.connectionId}`, { managed_by_organization: place.id });
    const warnings = (await move()).warnings as Json[];
    expect(warnings.map(({ id }) => id)).toContain('people_prove_again');
    expect(await codeOf('ivan')).toBe('resolve.issuer_changed');
    expect(await expectAgain({ expect_by: 'subject' })).toMatchObject({ expected: 1, skipped: 0 });
    expect(await subjectOf('ivan')).toBe(ivan);
  });

  test('by a list of old and new subjects, for a part of them', async () => {
    const [ivan, irma] = [await subjectOf('ivan'), await subjectOf('irma')];
    await move();
    expect(await expectAgain({ expect_by: 'subject', subjects: { 'm-irma': 'new-irma' } })).toMatchObject({
      expected: 1,
      skipped_people: [{ user_id: ivan, former_subject: 'm-ivan', reason: 'not_named' }],
    });
    expect(await subjectOf('irma')).toBe(irma);
    expect(await codeOf('ivan')).toBe('resolve.issuer_changed');
    expect(await subjectOf('stranger'), 'who has the old subject of somebody else is a newcomer').toBe(
      `oidc|place${serial}-oidc~2|m-irma`,
    );
  });

  test('by their addresses', async () => {
    const [ivan, irma] = [await subjectOf('ivan'), await subjectOf('irma')];
    await move();
    expect(await codeOf('irma'), 'a member whose seat is bound otherwise').toBe('resolve.issuer_changed');
    expect(await expectAgain({ expect_by: 'email' })).toMatchObject({ expected: 2, skipped: 0 });
    expect([await subjectOf('irma'), await subjectOf('ivan')]).toEqual([irma, ivan]);
  });

  test('and explain says so before they come', async () => {
    await subjectOf('ivan');
    await subjectOf('irma');
    await move();
    const claims = { iss: next.idp.issuer, email: `irma${serial}@moved.example`, email_verified: true };
    expect(await explained({ claims: { ...claims, sub: 'm-irma' } }), 'by the former subject').toBe('issuer_changed');
    expect(await explained({ claims: { ...claims, sub: 'new-irma' } }), 'by the new one').toBe('issuer_changed');
    expect(await explained({ email: claims.email }), 'by the address alone').toBe('issuer_changed');
    await expectAgain({ expect_by: 'email' });
    expect(await explained({ claims: { ...claims, sub: 'new-irma' } })).toBe('member');
    expect(await explained({ email: claims.email })).toBe('member');
  });

  test('who says who is who needs the scopes of both', async () => {
    await subjectOf('ivan');
    await move();
    const path = `/connections/${place.connectionId}/former-identities`;
    const body = { former_issuer: place.idp.issuer, expect_by: 'subject' };
    for (const scope of ['update:users', 'update:connections']) {
      const response = await fetch(`${stage.instance.origin}/api/v2${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${await tokenFor(scope)}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect([scope, response.status]).toEqual([scope, 403]);
    }
    expect(await codeOf('ivan')).toBe('resolve.issuer_changed');
  });
});

async function tokenFor(scope: string): Promise<string> {
  const { origin } = stage.instance;
  const client = await api('POST', '/clients', {
    name: `with ${scope}`,
    app_type: 'non_interactive',
    grant_types: ['client_credentials'],
  });
  await api('POST', '/client-grants', { client_id: client.client_id, audience: `${origin}/api/v2/`, scope: [scope] });
  const response = await fetch(`${origin}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: String(client.client_id),
      client_secret: String(client.client_secret),
      audience: `${origin}/api/v2/`,
    }),
  });
  return String(((await response.json()) as Json).access_token);
}

describe('the id of an account never comes to mean another person', () => {
  test('a connection that was deleted and made anew with the same name gives other ids', async () => {
    expect(await subjectOf('ivan')).toBe(`oidc|place${serial}-oidc|m-ivan`);
    await api('DELETE', `/connections/${place.connectionId}`);
    const again = await api('POST', '/connections', {
      name: place.connectionName,
      strategy: 'oidc',
      options: optionsOf(next),
    });
    await api('POST', `/organizations/${place.id}/enabled_connections`, {
      connection_id: again.id,
      assign_membership_on_login: true,
    });
    expect(await subjectOf('ivan'), 'somebody else at another provider').toBe(`oidc|place${serial}-oidc~2|m-ivan`);
    expect(await subjectOf('irma')).toBe(`oidc|place${serial}-oidc~2|new-irma`);
  });

  test('a user who was deleted comes back as the same, from the same provider', async () => {
    const ivan = await subjectOf('ivan');
    await api('DELETE', `/users/${encodeURIComponent(String(ivan))}`);
    expect(await subjectOf('ivan')).toBe(ivan);
  });

  test('a user who was deleted does not lend their id to the namesake at the next provider', async () => {
    const ivan = await subjectOf('ivan');
    await api('DELETE', `/users/${encodeURIComponent(String(ivan))}`);
    await move();
    expect(await subjectOf('ivan')).toBe(`oidc|place${serial}-oidc~2|m-ivan`);
  });
});
