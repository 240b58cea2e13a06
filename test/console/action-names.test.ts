/** Completions in the editor of Actions, and the sample events: names that exist here, and nothing that an event never has. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { composeActionNames } from '../../scripts/action-names.js';
import { listNames, readAsked } from '../../src/console/pages/actions/complete.js';
import { toSampleGround } from '../../src/console/pages/actions/sample-ground.js';
import { toEvent } from '../../src/console/pages/actions/to-event.js';
import { TRIGGER_IDS } from '../../src/console/pages/actions/triggers.js';
import { ACTION_NAMES } from '../../src/facts/action-names.js';
import { namesFor } from '../support/actions-page.js';
import { AUTH0_EVENTS, findDifferences } from '../support/auth0-shape.js';

test('the table is as its program writes it', () => {
  const plain = (text: string) => text.replaceAll(/[\s,]/g, '');
  const stored = readFileSync(new URL('../../src/facts/action-names.ts', import.meta.url), 'utf8');
  expect(plain(stored), 'npx tsx scripts/action-names.ts, then Biome').toBe(plain(composeActionNames()));
  expect(Object.keys(ACTION_NAMES).sort()).toEqual([...TRIGGER_IDS].sort());
});

const labels = (trigger: string, text: string, secrets: readonly string[] = []) => {
  const asked = readAsked(text);
  return asked && listNames({ trigger, secrets }, asked).map(({ label }) => label);
};

test.each([
  ['post-login', 'const x = event.user.', 'app_metadata'],
  ['post-login', 'if (event?.organization?.', 'display_name'],
  ['post-login', '  api.accessToken.set', 'setCustomClaim'],
  ['post-login', 'await api.', 'redirect'],
  ['organization-admission', 'event.identity.', 'claims'],
  ['organization-admission', 'api.admission.', 'allow'],
  ['credentials-exchange', 'event.accessToken.', 'scope'],
])('%s: after %j comes %s', (trigger, text, name) => expect(labels(trigger, text)).toContain(name));

test.each(['myevent.', 'x.event.user.', 'event', 'event..', '"event".', 'events.'])('%j asks for nothing', (text) =>
  expect(labels('post-login', text)).toBeUndefined(),
);

test('secrets are those of the Action; what never comes or is refused is not proposed', () => {
  expect(labels('post-login', 'event.secrets.', ['API_KEY', 'TOKEN'])).toEqual(['API_KEY', 'TOKEN']);
  expect(labels('post-login', 'event.')).not.toContain('security_context');
  expect(labels('post-login', 'api.')).not.toContain('prompt');
  expect(labels('post-login', 'api.authentication.')).toContain('challengeWith');
  expect(labels('post-change-password', 'api.')).toEqual(['cache']);
  expect(labels('of-nobody', 'event.')).toEqual([]);
});

describe('the sample event', () => {
  test.each(TRIGGER_IDS.filter((id) => id !== 'organization-admission'))('of %s is one of that trigger', (trigger) => {
    const event = toEvent(trigger, toSampleGround('login.example'));
    const shape = AUTH0_EVENTS[trigger];
    if (shape === undefined) throw new Error(`Auth0 has no event of ${trigger}`);
    const known = namesFor("in an event here, and not so in Auth0's", trigger);
    const found = findDifferences(shape, event).filter(({ path }) => !known.includes(path));
    // Claims of the provider are at the root of a person, as they are in an event.
    expect(found.filter(({ kind, path }) => kind !== 'unknown' || !path.startsWith('user.'))).toEqual([]);
  });

  test('of the admission has all that the editor completes', () => {
    const event = toEvent('organization-admission', toSampleGround('login.example')) as Record<string, object>;
    for (const path of ACTION_NAMES['organization-admission']?.event.flatMap((line) => line.split(' ')) ?? []) {
      const [part = '', name = ''] = path.split('.');
      if (part !== 'secrets') expect(Object.keys(event[part] ?? {}), path).toContain(name);
    }
  });
});
