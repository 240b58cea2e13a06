/**
 * The N-th storage call of a login fails, N = 1, 2, 3… until the login succeeds, in five ways, for each story. After each:
 * nothing is left or the login is whole, the person read a clear page, and trying again in the same browser gets in, once.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cast, createCast } from '../support/cast.js';
import { FACTOR_STORIES } from '../support/factor-stories.js';
import { FAULT_MODES, type FaultMode, type FaultyPool, makeFaulty } from '../support/faulty-pool.js';
import { HALF_STEP, halfShareFirst } from '../support/half-share.js';
import type { Visit } from '../support/http-browser.js';
import { type Instance, startInstance } from '../support/instance.js';
import { askForTokens, LOGIN_STORIES, type Scene, type Story } from '../support/login-stories.js';
import {
  expectClearPage,
  expectOnce,
  type Footprint,
  footprintOf,
  judge,
  Stopped,
} from '../support/nothing-or-everything.js';
import { SHARE_FIRST, SHARE_STEP } from '../support/share.js';
import { answerOf, wordsOf } from '../support/stage.js';

let instance: Instance;
let cast: Cast;
let faults: FaultyPool;
let people = 0;

beforeAll(async () => {
  instance = await startInstance();
  const refresh = { rotation_type: 'rotating', expiration_type: 'expiring', leeway: 0 };
  cast = await createCast(instance, { clientFields: { refresh_token: refresh } });
  faults = makeFaulty(instance.server.pool);
});
afterAll(async () => {
  await cast.stop();
  await instance.stop();
});

const newKey = () => `f${++people}`;

async function arrange(story: Story): Promise<Scene> {
  // Everybody here comes from one network address: the limit on guesses is not what is tested.
  await instance.database.pool.query('delete from attempt_counters');
  return story.arrange(cast, newKey(), faults.aside);
}

async function playUntilStopped(scene: Scene): Promise<Visit | Stopped> {
  try {
    return await scene.play();
  } catch (error) {
    if (error instanceof Stopped) return error;
    throw error;
  }
}

/** The undisturbed story: what it leaves, and how many calls it makes. */
async function playUndisturbed(story: Story): Promise<Footprint> {
  const scene = await arrange(story);
  const before = await instance.snapshot();
  const answer = answerOf(await scene.play());
  expect(answer.code !== undefined ? 'admitted' : 'refused').toBe(story.ends);
  return footprintOf(before, await instance.snapshot());
}

/** As the person does it: from the application again; with an invitation that is used up, as the text says, as usual. */
async function tryAgain(story: Story, scene: Scene, left: 'nothing' | 'everything', given?: Visit): Promise<void> {
  let answer = given ?? (await scene.play());
  if (answerOf(answer).error_description === 'invitation not found or already used') {
    expect(left, 'the invitation is used although nothing is left').toBe('everything');
    answer = await scene.playAsUsual();
  }
  if (story.ends === 'refused') {
    expect(answerOf(answer).error).toBe('access_denied');
    return;
  }
  const { claims } = await scene.visitor.redeem(answer);
  expect(claims).toMatchObject({ email: scene.email, org_id: cast.acme.id });
  if (scene.userId !== undefined) expect(claims.sub).toBe(scene.userId);
}

/** One story, one call, one way to fail. False when the story has no such call. */
async function failCall(story: Story, whole: Footprint, nth: number, mode: FaultMode): Promise<boolean> {
  const scene = await arrange(story);
  const before = await instance.snapshot();
  faults.arm(nth, mode);
  const outcome = await playUntilStopped(scene);
  const [statement] = faults.disarm();
  if (statement === undefined) return false;
  const where = `${story.name}, call ${nth} (${mode}): ${statement}`;
  try {
    const left = judge(before, await instance.snapshot(), whole, story.involved);
    if (outcome instanceof Stopped) expectClearPage(outcome);
    else {
      // The fault was got over: then the answer has to be the true one.
      const { code } = answerOf(outcome);
      expect(code !== undefined ? 'admitted' : 'refused').toBe(story.ends);
      if (story.ends === 'admitted') expect(left).toBe('everything');
    }
    await tryAgain(story, scene, left, outcome instanceof Stopped ? undefined : outcome);
    expectOnce(before, await instance.snapshot(), whole);
  } catch (error) {
    throw new Error(`${where}\n${(error as Error).message}`, { cause: error });
  }
  return true;
}

describe.each([...LOGIN_STORIES, ...FACTOR_STORIES])('$name', (story) => {
  let whole: Footprint;
  beforeAll(async () => {
    whole = await playUndisturbed(story);
  });

  test.each(FAULT_MODES)(
    '%s at every call: nothing or everything, and a second try gets in once',
    async (mode) => {
      const first = halfShareFirst(FAULT_MODES.indexOf(mode));
      let nth = first;
      while (await failCall(story, whole, nth, mode)) nth += HALF_STEP;
      expect(nth, 'a login reads and writes').toBeGreaterThan(Math.max(3, first));
    },
    90_000,
  );
});

test('the whole footprint of story 01, by table: the pictures that everything is compared with are not empty', async () => {
  const story = LOGIN_STORIES[0] as Story;
  const whole = await playUndisturbed(story);
  expect(Object.keys(whole).sort()).toEqual([
    'authorization_codes',
    'identities',
    'invitations',
    'login_receipts',
    'logs',
    'member_roles',
    'members',
    'sessions',
    'users',
  ]);
  expect(whole.logs).toEqual(['+["organization_member_added"]', '+["s"]', '+["si"]']);
});

test('the answer of the commit is lost: the server asks whether it was done, and the person is simply in', async () => {
  const story = LOGIN_STORIES[0] as Story;
  const scene = await arrange(story);
  const before = await instance.snapshot();
  let done = false;
  faults.armWhere((text) => {
    if (done || !text.startsWith('with connection_now')) return false;
    done = true;
    return true;
  }, 'lost-after');
  const answer = await scene.play();
  expect(faults.disarm()).toHaveLength(1);
  expect((await scene.visitor.redeem(answer)).claims.sub).toBe(scene.userId);
  expect(Object.keys(footprintOf(before, await instance.snapshot()))).toContain('members');
});

test('the database stays away after the commit: a clear page, and the second try is a login as usual', async () => {
  const story = LOGIN_STORIES[0] as Story;
  const whole = await playUndisturbed(story);
  const scene = await arrange(story);
  const before = await instance.snapshot();
  let gone = false;
  faults.armWhere((text) => {
    gone ||= text.startsWith('with connection_now');
    return gone;
  }, 'lost-after');
  const outcome = await playUntilStopped(scene);
  faults.disarm();
  expect(outcome).toBeInstanceOf(Stopped);
  expectClearPage(outcome as Stopped);
  expect(wordsOf((outcome as Stopped).visit), 'it may have been done').not.toContain('Nothing has been changed');
  expect(judge(before, await instance.snapshot(), whole, 'identity')).toBe('everything');
  await tryAgain(story, scene, 'everything');
  expectOnce(before, await instance.snapshot(), whole);
});

describe('tokens', () => {
  async function signedIn() {
    const scene = await arrange(LOGIN_STORIES[1] as Story);
    return { scene, answer: await scene.play() };
  }

  test.each(FAULT_MODES)(
    '%s at every call of a code exchange: tokens, or none and the next login works',
    async (mode) => {
      for (let nth = SHARE_FIRST; ; nth += SHARE_STEP) {
        const { scene, answer } = await signedIn();
        const before = await instance.snapshot();
        faults.arm(nth, mode);
        const outcome = await scene.visitor.redeem(answer).catch((error: unknown) => error as Error);
        const [statement] = faults.disarm();
        if (statement === undefined) break;
        const changed = footprintOf(before, await instance.snapshot());
        const where = `call ${nth}: ${statement}`;
        if (!(outcome instanceof Error)) {
          expect(Object.keys(changed).sort(), where).toEqual(['authorization_codes', 'logs', 'refresh_tokens']);
          continue;
        }
        expect(outcome.message, where).toMatch(/^token: (500|503) \{"error":"(server_error|temporarily_unavailable)"/);
        const rows = Object.keys(changed).sort();
        if (rows.length > 0) expect(rows, where).toEqual(['authorization_codes', 'logs', 'refresh_tokens']);
        // Not used up: the same code is still good.
        if (rows.length === 0) {
          const again = await scene.visitor.redeem(answer);
          expect(again.claims.sub, where).toBe(scene.userId);
        }
        const next = await scene.visitor.redeem(await scene.visitor.open());
        expect(next.claims.sub, where).toBe(scene.userId);
      }
    },
    60_000,
  );

  test.each(FAULT_MODES)(
    '%s at every call of a refresh: the application tries again and has tokens',
    async (mode) => {
      for (let nth = SHARE_FIRST; ; nth += SHARE_STEP) {
        const { scene, answer } = await signedIn();
        const { refreshToken } = await scene.visitor.redeem(answer);
        const refresh = () => askForTokens(cast, { grant_type: 'refresh_token', refresh_token: refreshToken });
        faults.arm(nth, mode);
        const outcome = await refresh();
        const [statement] = faults.disarm();
        if (statement === undefined) break;
        const where = `call ${nth}: ${statement}`;
        if (outcome.status === 200) continue;
        expect([500, 503], where).toContain(outcome.status);
        expect((await refresh()).status, where).toBe(200);
      }
    },
    60_000,
  );
});
