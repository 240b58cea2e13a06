/**
 * Attack: the operator prepares identities for a whole company before its move. A prepared way in waits for weeks, so it has to open to the
 * person whom it was prepared for and to nobody else: not at another company's provider, not for an address that nobody vouches for, not a
 * second time, and not after it was withdrawn.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Place } from '../support/cast.js';
import type { Person } from '../support/scripted-idp.js';
import { useStage } from '../support/stage.js';

const stage = useStage();
const people: Record<string, Person> = {};
/** No domain is proved, so that the provider's own word for the address is needed. */
let mover: Place;
let rival: Place;
beforeAll(async () => {
  mover = await stage.cast.createPlace('mover', people);
  rival = await stage.cast.createPlace('rival', people);
});

interface Prepared {
  readonly user_id: string;
  readonly subject?: string;
  readonly expected_email?: string;
}

async function send(path: string, identity: Prepared): Promise<unknown> {
  const { results } = await stage.instance.api<{ results: { result: string }[] }>(
    'POST',
    `/organizations/${mover.id}/${path}`,
    { connection_id: mover.connectionId, identities: [identity] },
  );
  return results[0]?.result;
}
const prepare = async (identity: Prepared) => expect(await send('expected-identities', identity)).toBe('created');
const withdraw = (identity: Prepared) => send('expected-identities/remove', identity);

/** The user that the application is told; undefined where it is told none. */
async function enter(person: Person, place = mover, meanwhile = async (): Promise<unknown> => undefined) {
  people.somebody = person;
  const visitor = stage.visitor();
  const page = await visitor.open({ organization: place.id, connection: place.connectionName });
  await meanwhile();
  const visit = await visitor.signInAtIdp(page, 'somebody');
  // Status 0: at the application. A page of the server may have the provider's own code in its address.
  return visit.status === 0 && visit.url.searchParams.has('code')
    ? (await visitor.redeem(visit)).claims.sub
    : undefined;
}

let serial = 0;
/** A member with a password, whose address is as good as theirs. */
async function createDana() {
  serial += 1;
  const email = `dana${serial}@mover.example`;
  const userId = await stage.cast.createMember(email, { organizationId: mover.id });
  const claims = { sub: `dana-${serial}`, email, email_verified: true };
  const identities = async () => {
    const user = await stage.instance.api<{ identities: { connection: string; user_id: string; status?: string }[] }>(
      'GET',
      `/users/${encodeURIComponent(userId)}`,
    );
    return user.identities
      .filter((one) => one.connection !== 'Username-Password-Authentication')
      .map((one) => `${one.status ?? 'bound'} ${one.user_id}`);
  };
  return { email, userId, claims, identities };
}

describe('prepared by address', () => {
  test('opens to the person whom their company vouches for', async () => {
    const { userId, email, claims, identities } = await createDana();
    await prepare({ user_id: userId, expected_email: email });
    expect(await enter(claims)).toBe(userId);
    expect(await identities()).toEqual([`bound mover-oidc|${claims.sub}`]);
  });

  test("not at another organization's identity provider", async () => {
    const { userId, email, claims, identities } = await createDana();
    await prepare({ user_id: userId, expected_email: email });
    expect(await enter(claims, rival)).toBeUndefined();
    // A member of both is not lost either: the preparation is of the one connection.
    await stage.instance.api('POST', `/organizations/${rival.id}/members`, { members: [userId] });
    expect(await enter(claims, rival)).toBeUndefined();
    expect(await identities()).toEqual([`expected mover-oidc|${email}`]);
  });

  test.each([
    ['says that the address is not verified', { email_verified: false }],
    ['does not say', { email_verified: undefined }],
    ['says so in a text', { email_verified: 'true' }],
  ])('not where the provider %s', async (_, claim) => {
    const { userId, email, claims, identities } = await createDana();
    await prepare({ user_id: userId, expected_email: email });
    expect(await enter({ ...claims, ...claim } as Person)).toBeUndefined();
    expect(await identities()).toEqual([`expected mover-oidc|${email}`]);
  });

  test('not for a second subject with the same address', async () => {
    const { userId, email, claims, identities } = await createDana();
    await prepare({ user_id: userId, expected_email: email });
    await enter(claims);
    expect(await enter({ ...claims, sub: `second-${claims.sub}` })).toBeUndefined();
    expect(await identities()).toEqual([`bound mover-oidc|${claims.sub}`]);
    // The operator's second request does not open it again.
    expect(await send('expected-identities', { user_id: userId, expected_email: email })).toBe('has_identity');
    expect(await enter({ ...claims, sub: `third-${claims.sub}` })).toBeUndefined();
    expect(await enter(claims), 'the first goes on').toBe(userId);
  });

  test('not after it was withdrawn', async () => {
    const { userId, email, claims, identities } = await createDana();
    await prepare({ user_id: userId, expected_email: email });
    expect(await withdraw({ user_id: userId, expected_email: email })).toBe('removed');
    expect(await enter(claims)).toBeUndefined();
    expect(await identities()).toEqual([]);
  });

  test('not where it was withdrawn while the person was at their provider', async () => {
    const { userId, email, claims, identities } = await createDana();
    const identity = { user_id: userId, expected_email: email };
    await prepare(identity);
    expect(await enter(claims, mover, () => withdraw(identity))).toBeUndefined();
    expect(await identities()).toEqual([]);
  });

  test('a withdrawal after the first sign-in takes nothing away', async () => {
    const { userId, email, claims } = await createDana();
    await prepare({ user_id: userId, expected_email: email });
    await enter(claims);
    expect(await withdraw({ user_id: userId, expected_email: email })).toBe('bound');
    expect(await enter(claims)).toBe(userId);
  });
});

describe('prepared by subject', () => {
  test('opens to this subject of this connection, and to nobody after it was withdrawn', async () => {
    const { userId, claims, identities } = await createDana();
    const identity = { user_id: userId, subject: claims.sub };
    const stranger = { ...claims, email: `unknown${serial}@elsewhere.example` };
    await prepare(identity);
    expect(await enter(stranger, rival), 'the same subject elsewhere').toBeUndefined();
    expect(await enter({ ...stranger, sub: `${claims.sub} ` }), 'another subject').toBeUndefined();
    expect(await withdraw(identity)).toBe('removed');
    expect(await enter(stranger)).toBeUndefined();
    await prepare(identity);
    expect(await enter(stranger)).toBe(userId);
    expect(await identities()).toEqual([`bound mover-oidc|${claims.sub}`]);
  });
});
