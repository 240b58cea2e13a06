/** Actions as people write them for Auth0 can be deployed, and the linter says nothing against them that is not so. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createActionCheck } from '../../../src/actions/check/check-action.js';
import { createCheckThread } from '../../../src/actions/check/check-thread.js';
import { checkDependencies } from '../../../src/actions/runner/dependencies.js';
import { lintAction } from '../../../src/lint/lint-action.js';
import { getWild, readWild } from '../../support/wild.js';

/** Findings of severity error that are right, with why. */
const RIGHTLY_FOUND: Readonly<Record<string, readonly string[]>> = {
  'profile-claims': [
    'reserved-claim 7 The claim permissions is reserved: an Action cannot set it.',
    'reserved-claim 8 The claim roles is reserved: an Action cannot set it.',
  ],
};

describe('deploying them', () => {
  const check = createActionCheck(checkDependencies, createCheckThread());

  test.each(readWild().map((action) => [action.name, action] as const))('%s', async (_name, action) => {
    const { code, trigger, dependencies } = action;
    expect((await check({ code, trigger, dependencies, secrets: [] })).errors).toEqual([]);
    const errors = lintAction({ code, trigger, dependencies }).filter(({ severity }) => severity === 'error');
    expect(errors.map(({ id, line, message }) => `${id} ${line} ${message}`)).toEqual(RIGHTLY_FOUND[action.name] ?? []);
  });

  test.each([
    ['moment', '2.29.4'],
    ['@stigg/node-server-sdk', '1.5.0'],
    ['node-fetch', '2.6.7'],
    ['nodemailer', '6.9.1'],
    ['ioredis', '5.3.2'],
    ['stripe', 'latest'],
    ['auth0', '3.3.0'],
  ])('%s %s is not here: said before anybody signs in, with what is', async (name, version) => {
    const { code } = getWild('roles-to-claims');
    const dependencies = [{ name, version }];
    const { errors } = await check({ code, trigger: 'post-login', dependencies, secrets: [] });
    const [error] = errors;
    expect(error).toMatchObject({ kind: 'dependency' });
    expect(error?.message).toContain(`${name} ${version} is not available here`);
    expect(error?.message).toMatch(name === 'auth0' ? /4\.37\.1 and 7\.1\.0/ : /auth0 4\.37\.1, auth0 7\.1\.0, axios/);
  });
});

describe('examples/actions', () => {
  const examples = new URL('../../../examples/actions/', import.meta.url);
  const scenarios = new URL('../../scenarios/', import.meta.url);
  const ran = readdirSync(scenarios).map((file) => readFileSync(new URL(file, scenarios), 'utf8'));

  test.each(readdirSync(examples))('%s is run by a scenario, and the linter finds nothing', (file) => {
    expect(
      ran.some((text) => text.includes(`'${file}'`)),
      'named by no file of test/scenarios',
    ).toBe(true);
    const code = readFileSync(new URL(file, examples), 'utf8');
    const dependencies = file.endsWith('-sdk7.js') ? [{ name: 'auth0', version: '7.1.0' }] : undefined;
    expect(lintAction({ code, ...(dependencies && { dependencies }) })).toEqual([]);
  });
});
