/**
 * The input of Actions, held against Auth0's own description: the events of real logins of every kind against the schemas, the
 * methods of `api` against the published names. The tables of docs/actions.md name all differences, and nothing else.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { ApiContext } from '../../src/actions/child/api/context.js';
import { createApi } from '../../src/actions/child/api/create.js';
import type { Effect, JsonObject, TriggerId } from '../../src/domain/actions/action.js';
import { methodsOf, playScenes, type Report, SHARED_TRIGGERS } from '../support/action-events.js';
import { useActions } from '../support/actions.js';
import { namesFor, readTable } from '../support/actions-page.js';
import { AUTH0_API } from '../support/auth0-api-methods.js';
import { AUTH0_EVENTS, findDifferences, findNever, pathsIn, pathsOf, type Shape } from '../support/auth0-shape.js';
import { MANAGEMENT_CLIENT } from '../support/instance.js';
import { useStage } from '../support/stage.js';

const NEVER = 'never in an event here';
const OTHERWISE = "in an event here, and not so in Auth0's";
const REFUSED = 'method of `api` that is refused';
const ADDED = "method of `api` here, and not of Auth0's";

const stage = useStage({ clientFields: { organization_usage: 'allow', client_metadata: { tier: 'gold' } } });
let reports: readonly Report[];
beforeAll(async () => {
  reports = await playScenes(stage);
}, 240_000);

function shapeOf(trigger: string): Shape {
  const shape = AUTH0_EVENTS[trigger];
  if (shape === undefined) throw new Error(`Auth0 has no event of ${trigger}`);
  return shape;
}

/** Without the two that Auth0 adds to every event and does not describe with it. */
function eventsOf(trigger: TriggerId): JsonObject[] {
  const told = reports.filter((report) => report.trigger === trigger);
  return told.map(({ event: { secrets, configuration, ...event } }) => event as JsonObject);
}

interface Findings {
  readonly absent: readonly string[];
  readonly otherwise: readonly string[];
  readonly never: readonly string[];
}

function compare(shape: Shape, events: readonly unknown[]): Findings {
  const found = events.flatMap((event) => findDifferences(shape, event));
  const named = (isIt: (kind: string) => boolean) =>
    [...new Set(found.filter(({ kind }) => isIt(kind)).map(({ path }) => path))].sort();
  return {
    absent: named((kind) => kind === 'absent'),
    otherwise: named((kind) => kind !== 'absent'),
    never: [...findNever(shape, events)].sort(),
  };
}

/** Reads the page about a trigger; a row for every trigger counts where Auth0 has the property. */
function pageOf(trigger: string, shape: Shape): Findings {
  const known = pathsOf(shape);
  const everywhere = new Set(readTable(NEVER).flatMap(({ names, triggers }) => (triggers === undefined ? names : [])));
  const never = namesFor(NEVER, trigger).flatMap((name) => {
    if (!name.endsWith('.*')) return everywhere.has(name) && !known.includes(name) ? [] : [name];
    return known.filter((path) => path.startsWith(name.slice(0, -1)) && !path.slice(name.length - 1).includes('.'));
  });
  return { absent: [], otherwise: [...namesFor(OTHERWISE, trigger)].sort(), never: never.sort() };
}

/** Copies of the events in which `edit` has been at every place of the path. */
function edited(
  events: readonly JsonObject[],
  path: string,
  edit: (parent: Record<string, unknown>, name: string) => void,
): readonly unknown[] {
  const visit = (value: unknown, [step = '', ...rest]: readonly string[]): void => {
    if (typeof value !== 'object' || value === null) return;
    if (step === '[]') for (const item of value as readonly unknown[]) visit(item, rest);
    else if (rest.length > 0) visit((value as Record<string, unknown>)[step], rest);
    else if (step in value) edit(value as Record<string, unknown>, step);
  };
  const copies = structuredClone(events);
  for (const copy of copies) visit(copy, path.replaceAll('[]', '.[]').split('.'));
  return copies;
}

describe('events', () => {
  test.each(SHARED_TRIGGERS)('%s: names, types and what is required are Auth0’s, but for the tables', (trigger) => {
    const events = eventsOf(trigger);
    expect(events).not.toEqual([]);
    expect(compare(shapeOf(trigger), events)).toEqual(pageOf(trigger, shapeOf(trigger)));
  });

  test('a row for every trigger is true of one at least', () => {
    const all = Object.values(AUTH0_EVENTS).flatMap((shape) => pathsOf(shape));
    const names = readTable(NEVER).flatMap((row) => (row.triggers === undefined ? row.names : []));
    for (const name of names) expect(all).toContain(name.replace(/\.\*$/, ''));
  });

  // A check that finds nothing must be able to find something: each property in turn is taken away, and given another type.
  test.each(SHARED_TRIGGERS)('%s: whatever is taken away or has another type is found', (trigger) => {
    const shape = shapeOf(trigger);
    const events = eventsOf(trigger);
    const right = compare(shape, events);
    const known = pathsOf(shape);
    const paths = pathsIn(events)
      .map((path) => path.slice('[].'.length))
      .filter((path) => known.includes(path));
    expect(paths.length).toBeGreaterThan(15);
    for (const path of paths) {
      const less = edited(events, path, (parent, name) => delete parent[name]);
      expect(compare(shape, less), `without ${path}`).not.toEqual(right);
      const wrong = edited(events, path, (parent, name) => {
        parent[name] = typeof parent[name] === 'string' ? 1 : 'another type';
      });
      expect(compare(shape, wrong).otherwise, `another type at ${path}`).toContain(path);
      const more = edited(events, path, (parent) => {
        parent.surprise = 1;
      });
      expect(compare(shape, more).otherwise.join(' '), `something beside ${path}`).toMatch(/\bsurprise\b/);
    }
  });

  test('what the application and the browser said of languages and the like', () => {
    const scene = 'the same, signing in again with all parameters';
    const told = reports.filter((report) => report.scene === scene);
    expect(told.map(({ trigger }) => trigger).sort()).toEqual(['login-post-identifier', 'post-login']);
    for (const { event } of told)
      expect(event).toMatchObject({
        request: { language: 'de-AT', query: { color: 'blue', ui_locales: 'de-AT en' } },
        resource_server: { identifier: 'urn:things' },
        transaction: {
          acr_values: ['urn:one', 'urn:two'],
          correlation_id: 'corr-1',
          locale: 'en',
          prompt: ['login'],
          ui_locales: ['de-AT', 'en'],
        },
      });
    const languages = ['with a refresh token', 'client credentials', 'a new password by the link of a mail'].map(
      (name) => (reports.findLast((report) => report.scene === name)?.event as JsonObject | undefined)?.request,
    );
    expect(languages).toMatchObject([{ language: 'de' }, { language: 'de' }, { language: 'de-AT' }]);
  });
});

/** An api without a process around it. `refused` takes what was answered with act.not_available. */
function apiOf(trigger: TriggerId, event: JsonObject, refused: string[] = []) {
  const effects: Effect[] = [];
  const context: ApiContext = {
    event,
    isResumed: true,
    asked: () => effects,
    push: (effect) => effects.push(effect),
    decide: () => {},
    refuse(message) {
      refused.push(message);
      throw new Error(message);
    },
    print: () => {},
    now: () => 0,
    cache: new Map(),
    changeCache: () => {},
  };
  return createApi(trigger, context) as Record<string, Record<string, (...args: readonly unknown[]) => unknown>>;
}

describe('api', () => {
  test.each(SHARED_TRIGGERS)('%s has every method of Auth0’s, and no others than the page says', (trigger) => {
    const known = AUTH0_API[trigger] ?? [];
    const told = reports.filter((report) => report.trigger === trigger);
    expect(told).not.toEqual([]);
    for (const { api } of told) expect([...api].sort()).toEqual([...known, ...namesFor(ADDED, trigger)].sort());
  });

  test.each(SHARED_TRIGGERS)('%s refuses the methods that the page says, and says which', async (trigger) => {
    const found: string[] = [];
    for (const path of methodsOf(apiOf(trigger, {}))) {
      const refused: string[] = [];
      const [part = '', name = ''] = path.split('.');
      try {
        await apiOf(trigger, {}, refused)[part]?.[name]?.();
      } catch {
        // Called without arguments: other complaints do not matter here.
      }
      if (refused.length === 0) continue;
      found.push(path);
      expect(refused.join()).toContain(`api.${path.startsWith('groups.') ? 'groups' : path} is not available`);
    }
    expect(found.sort()).toEqual([...namesFor(REFUSED, trigger)].sort());
  });

  test('target scopes that are not understood give no token, also where the code catches the exception', async () => {
    const code = `exports.onExecuteCredentialsExchange = async (event, api) => {
      try { api.transaction.setTargetScopes([]); } catch {}
    };`;
    const remove = await useActions(stage.instance, 'credentials-exchange', { name: 'narrow', code });
    const { origin } = stage.instance;
    const { id, secret } = MANAGEMENT_CLIENT;
    const response = await fetch(`${origin}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: id,
        client_secret: secret,
        audience: `${origin}/api/v2/`,
      }),
    });
    await remove();
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      error: 'access_denied',
      error_description: expect.stringContaining('api.transaction.setTargetScopes is not available'),
    });
  });

  test('metadata of session and refresh token is seen at once in the event of the Action itself', () => {
    const event: JsonObject = { session: { metadata: { old: 'x' } }, refresh_token: { metadata: {} } };
    const api = apiOf('post-login', event);
    api.session?.setMetadata?.('device', 'laptop');
    api.session?.deleteMetadata?.('old');
    api.refreshToken?.setMetadata?.('device', 'phone');
    expect(event).toEqual({
      session: { metadata: { device: 'laptop' } },
      refresh_token: { metadata: { device: 'phone' } },
    });
    api.session?.evictMetadata?.();
    expect(event.session).toEqual({ metadata: {} });
  });
});
