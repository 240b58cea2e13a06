/**
 * Story 35, every way against everything that is open: a member is signed in through the company or with a password, and then they, their
 * membership, their way in or their organization goes. Refresh, `prompt=none`, the open session and a pending code are over at once; what
 * was ended does not come back to life when the membership is given back.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Place, Visitor } from '../support/cast.js';
import type { Visit } from '../support/http-browser.js';
import { askForTokens } from '../support/login-stories.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { useStage } from '../support/stage.js';

const stage = useStage();
let places = 0;

const api = (method: string, path: string, body?: unknown) => stage.instance.api(method, path, body);

interface Open {
  readonly place: Place;
  readonly userId: string;
  readonly connectionId: string;
  readonly visitor: Visitor;
  readonly refreshToken: string;
  /** A code that nobody has redeemed yet. */
  readonly waiting: Visit;
}

type Way = 'through the company' | 'with a password';

async function signIn(way: Way): Promise<Open> {
  const name = `e${++places}`;
  const email = `pat@${name}.example`;
  const people = { pat: { sub: `idp-${name}`, email, email_verified: true } };
  const place = await stage.cast.createPlace(name, people, { domain: `${name}.example` });
  const userId = await stage.cast.createMember(email, { organizationId: place.id });
  const visitor = stage.visitor();
  const answer =
    way === 'with a password'
      ? await visitor.withPassword(email, undefined, { organization: place.id })
      : await visitor.throughSso('pat', email, { organization: place.id });
  const { refreshToken } = await visitor.redeem(answer);
  const waiting = await visitor.open({ organization: place.id, prompt: 'none' });
  expect(waiting.url.searchParams.has('code')).toBe(true);
  const connectionId = way === 'with a password' ? stage.cast.databaseId : place.connectionId;
  return { place, userId, connectionId, visitor, refreshToken, waiting };
}

const userPath = ({ userId }: Open) => `/users/${encodeURIComponent(userId)}`;
const remove = ({ place, userId }: Open) => api('DELETE', `/organizations/${place.id}/members`, { members: [userId] });
const refresh = (refreshToken: string) =>
  askForTokens(stage.cast, { grant_type: 'refresh_token', refresh_token: refreshToken });

interface End {
  readonly name: string;
  run(open: Open): Promise<unknown>;
  readonly only?: Way;
}

const ends: readonly End[] = [
  { name: 'the membership is taken away', run: remove },
  { name: 'the user is blocked', run: (open) => api('PATCH', userPath(open), { blocked: true }) },
  { name: 'the user is deleted', run: (open) => api('DELETE', userPath(open)) },
  {
    name: 'the connection is taken from the organization',
    run: ({ place, connectionId }) => api('DELETE', `/organizations/${place.id}/enabled_connections/${connectionId}`),
  },
  {
    name: 'the connection is deleted',
    run: ({ place }) => api('DELETE', `/connections/${place.connectionId}`),
    only: 'through the company',
  },
  {
    name: 'the identity is unlinked',
    run: (open) =>
      api(
        'DELETE',
        `${userPath(open)}/identities/oidc/${encodeURIComponent(`${open.place.connectionName}|idp-${open.place.name}`)}`,
      ),
    only: 'through the company',
  },
  {
    name: 'the organization is blocked',
    run: ({ place }) => api('PATCH', `/organizations/${place.id}`, { blocked: true }),
  },
  { name: 'the organization is deleted', run: ({ place }) => api('DELETE', `/organizations/${place.id}`) },
];

/** The account remains afterwards, so only the ending itself keeps out the holder of what was opened before. */
const endings: readonly End[] = [
  {
    name: 'blocked for a moment',
    run: async (open) => {
      await api('PATCH', userPath(open), { blocked: true });
      await api('PATCH', userPath(open), { blocked: false });
    },
  },
  {
    name: 'a password that the operator replaced',
    run: (open) => api('PATCH', userPath(open), { password: 'Third-horse-9-battery' }),
    only: 'with a password',
  },
  {
    name: 'an address that the operator replaced',
    run: (open) => api('PATCH', userPath(open), { email: `new-${open.place.name}@plain.example` }),
    only: 'with a password',
  },
];

describe.each<Way>(['through the company', 'with a password'])('signed in %s', (way) => {
  test.each(ends.filter(({ only }) => only === undefined || only === way))('$name', async ({ run }) => {
    const open = await signIn(way);
    expect((await refresh(open.refreshToken)).status).toBe(200);
    await run(open);
    const before = await stage.instance.snapshot();
    const refused = await refresh(open.refreshToken);
    expect([refused.status >= 400 && refused.status < 500, refused.body.error]).toEqual([true, 'invalid_grant']);
    await expect(open.visitor.redeem(open.waiting)).rejects.toThrow(/token: 403|token: 400/);
    const silent = await open.visitor.open({ organization: open.place.id, prompt: 'none' });
    expect(silent.url.searchParams.has('code')).toBe(false);
    expect(silent.status === 0 ? silent.url.searchParams.get('error') : 'a page').toBeTruthy();
    // Without `prompt=none` he stands before a page, or is told; he is not in.
    const again = await open.visitor.open({ organization: open.place.id });
    expect(again.url.searchParams.has('code')).toBe(false);
    const { sessions, refresh_tokens, authorization_codes, ...rest } = before;
    const after = await stage.instance.snapshot();
    for (const [table, rows] of Object.entries(rest)) if (table !== 'logs') expect(after[table], table).toEqual(rows);
    for (const [table, rows] of Object.entries({ sessions, refresh_tokens, authorization_codes }))
      expect(after[table]?.length ?? 0, table).toBeLessThanOrEqual(rows?.length ?? 0);
  });

  test('given the seat back, he signs in anew; what was ended stays ended', async () => {
    const open = await signIn(way);
    await remove(open);
    await api('POST', `/organizations/${open.place.id}/members`, { members: [open.userId] });
    expect((await refresh(open.refreshToken)).body.error).toBe('invalid_grant');
    await expect(open.visitor.redeem(open.waiting)).rejects.toThrow(/token: 403/);
  });

  test.each(endings.filter(({ only }) => only === undefined || only === way))(
    '$name: no session, refresh token or code from before is of use',
    async ({ run }) => {
      const open = await signIn(way);
      await run(open);
      expect((await refresh(open.refreshToken)).body.error).toBe('invalid_grant');
      await expect(open.visitor.redeem(open.waiting)).rejects.toThrow(/token: 403/);
      const silent = await open.visitor.open({ organization: open.place.id, prompt: 'none' });
      expect(silent.url.searchParams.get('error')).toBe('login_required');
    },
  );
});

describe('in two organizations', () => {
  let beta: Place;
  beforeAll(async () => {
    beta = await stage.cast.createPlace('beta', {});
  });

  test('with a password: removed from one, the other goes on in the same browser', async () => {
    const open = await signIn('with a password');
    await api('POST', `/organizations/${beta.id}/members`, { members: [open.userId] });
    const there = await open.visitor.redeem(await open.visitor.open({ organization: beta.id, prompt: 'none' }));
    await remove(open);
    expect((await refresh(there.refreshToken)).status).toBe(200);
    const silent = await open.visitor.open({ organization: beta.id, prompt: 'none' });
    expect(silent.url.searchParams.has('code')).toBe(true);
  });

  test('under auto-membership whoever the company still sends is a member again: its directory decides, not the removal', async () => {
    const open = await signIn('through the company');
    await stage.enablement({ assign_membership_on_login: true }, open.place.id, open.place.connectionId);
    await remove(open);
    expect((await refresh(open.refreshToken)).body.error).toBe('invalid_grant');
    const visitor = stage.visitor();
    const answer = await visitor.throughSso('pat', `pat@${open.place.name}.example`, { organization: open.place.id });
    expect((await visitor.redeem(answer)).claims.sub).toBe(open.userId);
    await api('PATCH', userPath(open), { blocked: true });
    const before = await stage.instance.snapshot();
    const blocked = stage.visitor();
    const refused = await blocked.throughSso('pat', `pat@${open.place.name}.example`, { organization: open.place.id });
    expect((await stage.refusal(refused)).details.code).toBe('admit.user_blocked');
    await expectNothingLeft(stage.instance, before);
  });
});
