/** Whether a refresh token outlives the membership is not established: both settings of the double. */
import { describe, expect, test } from 'vitest';
import { type Stage, useStage } from '../support/stage.js';

async function refreshAfterRemoval(stage: Stage): Promise<number> {
  const { cast, instance } = stage;
  const members = `/organizations/${cast.acme.id}/members`;
  const member = await cast.createMember('dana@elsewhere.example');
  const visitor = stage.visitor();
  const { refreshToken } = await visitor.redeem(await visitor.withPassword('dana@elsewhere.example'));
  await instance.api('DELETE', members, { members: [member] }, 204);
  while ((await instance.api<unknown[]>('GET', members)).length > 0) await new Promise((next) => setTimeout(next, 20));
  const response = await fetch(`${instance.origin}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: cast.client.id,
      client_secret: cast.client.secret,
    }),
  });
  return response.status;
}

describe.each([
  ['refused', 403],
  ['works', 200],
] as const)('a refresh after the removal of the member, setting %s', (setting, status) => {
  const stage = useStage({ profile: 'auth0', facts: { refresh_after_removal: setting } });
  test(`case=answers ${status}`, async () => {
    expect(await refreshAfterRemoval(stage)).toBe(status);
  });
});
