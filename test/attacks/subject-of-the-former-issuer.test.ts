/**
 * Attack: an operator expects somebody by the subject that their company gives them. The connection gets another issuer; a person with the same
 * subject there would be let in as that person, without a question.
 */
import { expect, test } from 'vitest';
import { useStage } from '../support/stage.js';

const stage = useStage();
const api = (...call: Parameters<typeof stage.instance.api>) => stage.instance.api(...call);

test('a subject that was expected of the former issuer does not let in whom the next one calls so', async () => {
  const place = await stage.cast.createPlace('prior', {});
  const next = await stage.cast.createPlace('later', {
    other: { sub: '1001', email: 'other@elsewhere.example', email_verified: true },
  });
  const victim = await stage.cast.createUser('victim@plain.example');
  await api('POST', `/organizations/${place.id}/members`, { members: [victim] });
  await api('POST', `/users/${encodeURIComponent(victim)}/identities`, {
    provider: 'oidc',
    connection_id: place.connectionId,
    user_id: '1001',
  });
  await api('PATCH', `/connections/${place.connectionId}`, {
    options: {
      type: 'back_channel',
      issuer: next.idp.issuer,
      discovery_url: `${next.idp.issuer}/.well-known/openid-configuration`,
      client_id: next.idp.clientId,
      client_secret: next.idp.clientSecret,
    },
  });
  const visitor = stage.visitor();
  const visit = await visitor.signInAtIdp(
    await visitor.open({ organization: place.id, connection: place.connectionName }),
    'other',
  );
  const code = visit.url.searchParams.get('code');
  const sub = code ? (await visitor.redeem(visit)).claims.sub : undefined;
  expect(sub).not.toBe(victim);
});

test('nor one that was expected again, where the issuer is changed once more', async () => {
  const email = 'ivo@moved.example';
  const one = await stage.cast.createPlace(
    'one',
    { ivo: { sub: 'm-1', email, email_verified: true } },
    { enabled: { assign_membership_on_login: true } },
  );
  const two = await stage.cast.createPlace('two', {});
  const three = await stage.cast.createPlace('three', {
    stranger: { sub: 'm-1', email: 'stranger@three.example', email_verified: true },
  });
  const optionsOf = ({ idp }: typeof one) => ({
    type: 'back_channel',
    issuer: idp.issuer,
    discovery_url: `${idp.issuer}/.well-known/openid-configuration`,
    client_id: idp.clientId,
    client_secret: idp.clientSecret,
  });
  const enter = async (login: string) => {
    const visitor = stage.visitor();
    const visit = await visitor.signInAtIdp(
      await visitor.open({ organization: one.id, connection: one.connectionName }),
      login,
    );
    return visit.url.searchParams.has('code')
      ? (await visitor.redeem(visit)).claims.sub
      : visit.url.searchParams.get('error_description');
  };
  const ivo = await enter('ivo');
  await api('PATCH', `/connections/${one.connectionId}`, { options: optionsOf(two) });
  await api('POST', `/connections/${one.connectionId}/former-identities`, {
    former_issuer: one.idp.issuer,
    expect_by: 'subject',
  });
  await api('PATCH', `/connections/${one.connectionId}`, { options: optionsOf(three) });
  const who = await enter('stranger');
  expect(who).not.toBe(ivo);
});
