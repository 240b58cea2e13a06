/**
 * Faults of what stands around a login: each request to the IdP, the log, the mail. Nothing is left of the try, a refusal stays a
 * refusal, and the next try goes through.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cast, createCast, type Place, Visitor } from '../support/cast.js';
import { diffSnapshots } from '../support/database.js';
import { type FaultyPool, makeFaulty } from '../support/faulty-pool.js';
import { type Instance, startInstance } from '../support/instance.js';
import { LOGIN_STORIES, type Scene, type Story } from '../support/login-stories.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { expectClearPage, Stopped } from '../support/nothing-or-everything.js';
import type { Answer } from '../support/scripted-idp.js';
import { answerOf, wordsOf } from '../support/stage.js';

let instance: Instance;
let cast: Cast;
let faults: FaultyPool;
let people = 0;

beforeAll(async () => {
  instance = await startInstance();
  cast = await createCast(instance);
  faults = makeFaulty(instance.server.pool);
});
afterAll(async () => {
  await cast.stop();
  await instance.stop();
});

const REQUESTS = ['discovery', 'token', 'jwks'] as const;
const WAYS: readonly Answer[] = ['status-500', 'cut', 'html', 'hang', 'huge'];

interface Case {
  readonly name: string;
  readonly place: Place;
  readonly email: string;
  readonly userId: string;
  readonly visitor: Visitor;
}

/** A company of its own for each, so that all can fail at once and nothing is remembered from another. */
async function arrange(request: (typeof REQUESTS)[number], way: Answer): Promise<Case> {
  const name = `c${++people}`;
  const email = `dana@${name}.example`;
  const place = await cast.createPlace(
    name,
    { dana: { sub: `idp-${name}`, email, email_verified: true } },
    { domain: `${name}.example` },
  );
  const userId = await cast.createMember(email, { organizationId: place.id });
  place.idp.next({ [request]: way } as never);
  return { name: `${request}: ${String(way)}`, place, email, userId, visitor: new Visitor(cast) };
}

/** As far as the IdP's trouble lets the person. */
async function walk({ visitor, place, email }: Case) {
  const typed = await visitor.type(await visitor.open({ organization: place.id }), email);
  return typed.forms.some((form) => 'login' in form.fields) ? visitor.signInAtIdp(typed, 'dana') : typed;
}

test('each request of a login to the IdP fails in each way: a clear page, nothing left, and the next try gets in', async () => {
  const cases: Case[] = [];
  for (const request of REQUESTS) for (const way of WAYS) cases.push(await arrange(request, way));
  const before = await instance.snapshot();
  const pages = await Promise.all(cases.map(walk));
  for (const [index, page] of pages.entries()) {
    const { name } = cases[index] as Case;
    expect([502, 503, 504], `${name}: ${wordsOf(page)}`).toContain(page.status);
    expect(wordsOf(page), name).toMatch(/V-[2-9A-Z]{4}-[2-9A-Z]{4}/);
    expect(page.text, name).not.toMatch(/node:internal|ECONNRESET|\.[jt]s:\d+/);
  }
  await expectNothingLeft(instance, before);
  for (const one of cases) {
    const { claims } = await one.visitor.redeem(await walk(one));
    expect(claims.sub, one.name).toBe(one.userId);
  }
  const changed = diffSnapshots(before, await instance.snapshot());
  expect(changed.identities?.added).toHaveLength(cases.length);
  expect(changed.users?.added).toHaveLength(cases.length);
}, 60_000);

async function stop(scene: Scene): Promise<Stopped> {
  const outcome = await scene.play().catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(Stopped);
  return outcome as Stopped;
}

const isLogLine = (text: string) => text.startsWith('insert into logs');

test.each(['lost-before', 'lost-after', 'disk-full'] as const)(
  'the line of a refusal cannot be written (%s): still nobody is let in, nothing else is left, and the next try is refused as ever',
  async (mode) => {
    const scene = await (LOGIN_STORIES[2] as Story).arrange(cast, `s${++people}`, faults.aside);
    const before = await instance.snapshot();
    faults.armWhere(isLogLine, mode);
    const stopped = await stop(scene);
    expect(faults.disarm()).toHaveLength(1);
    expectClearPage(stopped);
    await expectNothingLeft(instance, before);
    const lines = diffSnapshots(before, await instance.snapshot()).logs?.added ?? [];
    expect(lines).toHaveLength(mode === 'lost-after' ? 1 : 0);
    expect([...scene.visitor.browser.cookies(new URL(instance.origin).host).keys()]).not.toContain('vestibule_session');
    expect(answerOf(await scene.play()).error).toBe('access_denied');
    await expectNothingLeft(instance, before);
  },
);

test.each(['lost-before', 'lost-after', 'disk-full'] as const)(
  'the mail with the code cannot be put into the outbox (%s): a clear page, and the next try mails one and gets in',
  async (mode) => {
    const scene = await (LOGIN_STORIES[4] as Story).arrange(cast, `m${++people}`, faults.aside);
    const before = await instance.snapshot();
    faults.armWhere((text) => text.startsWith('insert into outbox'), mode);
    expectClearPage(await stop(scene));
    expect(faults.disarm()).toHaveLength(1);
    await expectNothingLeft(instance, before, 'secret');
    const answer = await scene.play();
    expect((await scene.visitor.redeem(answer)).claims.sub).toBe(scene.userId);
    const mails = diffSnapshots(before, await instance.snapshot()).outbox?.added ?? [];
    expect(mails).toHaveLength(mode === 'lost-after' ? 2 : 1);
  },
);
