/** The linter follows names: however the client is got hold of, the wrong call is found, and its neighbours are let alone. */
import { describe, expect, test } from 'vitest';
import { lintAction } from '../../../src/lint/lint-action.js';

function idsOf(code: string, more: object = {}): readonly string[] {
  return lintAction({ code, ...more }).map(({ id }) => id);
}

function inHandler(body: string, before: string = ''): string {
  return `${before}\nexports.onExecutePostLogin = async (event, api) => {\n  if (event.stats.logins_count > 1) return;\n${body}\n};`;
}

const ID = '{ id: event.user.user_id }';

/** Each calls `users.getByEmail`, which is a call of 3 and 4 does not have. */
const WAYS: Readonly<Record<string, string>> = {
  'a variable': inHandler(
    "const management = new ManagementClient({}); await management.users.getByEmail('x');",
    "const { ManagementClient } = require('auth0');",
  ),
  'a renamed import': inHandler(
    "const m = new Client({}); await m.users.getByEmail('x');",
    "const { ManagementClient: Client } = require('auth0');",
  ),
  'the whole package': inHandler(
    "const m = new sdk.ManagementClient({}); await m.users.getByEmail('x');",
    "const sdk = require('auth0');",
  ),
  'no variable at all': inHandler("await new (require('auth0').ManagementClient)({}).users.getByEmail('x');"),
  'a resource taken out': inHandler(
    "const { users } = new ManagementClient({}); await users.getByEmail('x');",
    "const { ManagementClient } = require('auth0');",
  ),
  'a method taken out': inHandler(
    "const { users: { getByEmail } } = new ManagementClient({}); await getByEmail('x');",
    "const { ManagementClient } = require('auth0');",
  ),
  'a resource renamed twice': inHandler(
    "const m = new ManagementClient({}); const a = m.users; const b = a; await b['getByEmail']('x');",
    "const { ManagementClient } = require('auth0');",
  ),
  'a function that makes the client': inHandler(
    "const m = build(event); await m.users.getByEmail('x');",
    "const { ManagementClient } = require('auth0');\nconst build = (event) => new ManagementClient({ domain: event.secrets.D });",
  ),
  'an async function that makes it': inHandler(
    "await (await build(event)).users.getByEmail('x');",
    "const { ManagementClient } = require('auth0');\nasync function build(event) { return new ManagementClient({}); }",
  ),
  'a function that is given the client': inHandler(
    'await look(new ManagementClient({}), event);',
    "const { ManagementClient } = require('auth0');\nasync function look(m, event) { return await m.users.getByEmail('x'); }",
  ),
  'a variable that is set later': inHandler(
    "let m; if (event.organization) { m = new ManagementClient({}); await m.users.getByEmail('x'); }",
    "const { ManagementClient } = require('auth0');",
  ),
  'a client kept between executions': inHandler(
    "kept = kept ?? new ManagementClient({}); await kept.users.getByEmail('x');",
    "const { ManagementClient } = require('auth0');\nlet kept;",
  ),
  'an object of clients': inHandler(
    "await clients.management.users.getByEmail('x');",
    "const { ManagementClient } = require('auth0');\nconst clients = { management: new ManagementClient({}) };",
  ),
  'a dynamic import': inHandler(
    "const { ManagementClient } = await import('auth0'); await new ManagementClient({}).users.getByEmail('x');",
  ),
  'an optional call': inHandler(
    "const m = new ManagementClient({}); await m?.users?.getByEmail?.('x');",
    "const { ManagementClient } = require('auth0');",
  ),
};

describe('unknown-sdk-method', () => {
  test.each(Object.entries(WAYS))('case=%s', (_name, code) => {
    const findings = lintAction({ code });
    expect(findings.map(({ id }) => id)).toEqual(['unknown-sdk-method']);
    expect(findings[0]?.message).toContain('users.getByEmail belongs to release 3');
    expect(findings[0]?.fix).toContain('usersByEmail.getByEmail');
  });

  test.each([
    {
      major: 7,
      call: `users.get(event.user.user_id)`,
      wrong: `users.getRoles(${ID})`,
      right: 'users.roles.list(event.user.user_id)',
    },
    {
      major: 4,
      call: `users.get(${ID})`,
      wrong: 'users.roles.list(event.user.user_id)',
      right: `users.getRoles(${ID})`,
    },
    { major: 4, call: `users.get(${ID})`, wrong: `users.getRols(${ID})`, right: `users.getRoles(${ID})` },
    {
      major: 5,
      call: 'users.get(event.user.user_id)',
      wrong: `users.getUserOrganizations({ id: event.user.user_id, page: 1 })`,
      right: 'users.organizations.list(event.user.user_id, { page: 1 })',
    },
  ] as const)('auth0 $major: $wrong is $right, and $call is right', ({ major, call, wrong, right }) => {
    const toCode = (text: string): string =>
      inHandler(
        `const management = new ManagementClient({}); await management.${text};`,
        "const { ManagementClient } = require('auth0');",
      );
    expect(idsOf(toCode(call), { auth0Sdk: major })).toEqual([]);
    const [finding] = lintAction({ code: toCode(wrong), auth0Sdk: major });
    expect(finding?.id).toBe('unknown-sdk-method');
    expect(finding?.fix.split('\n')[0]).toBe(`await management.${right};`);
  });

  test('auth0/legacy has the calls of 4, whatever the major', () => {
    const code = inHandler(
      `const m = new ManagementClient({}); await m.users.getRoles(${ID});`,
      "const { ManagementClient } = require('auth0/legacy');",
    );
    expect(idsOf(code, { auth0Sdk: 7 })).toEqual([]);
  });

  test('what only has the same name is let alone', () => {
    const code = inHandler(
      "const m = new ManagementClient({}); await m.users.getByEmail('x'); const management = event.client; management.users.getByEmail('x');",
      'class ManagementClient { users = { getByEmail: async () => 1 }; }',
    );
    expect(idsOf(code)).toEqual([]);
  });

  test('a name that is shadowed is the inner one', () => {
    const code = inHandler(
      "const read = (management) => management.users.getByEmail('x'); read({ users: { getByEmail: String } }); const management = new ManagementClient({});",
      "const { ManagementClient } = require('auth0');",
    );
    expect(idsOf(code)).toEqual([]);
  });
});

describe('event and api', () => {
  test.each([
    ['other names', "exports.onExecutePostLogin = async (e, { access: { refuse } }) => { refuse('no'); };"],
    [
      'a function given api',
      "const stop = (a) => a.access.refuse('no');\nexports.onExecutePostLogin = async (event, api) => { stop(api); };",
    ],
    ['module.exports', "module.exports = { async onExecutePostLogin(event, api) { api.access.refuse('no'); } };"],
    [
      'a function of the file',
      "async function run(event, api) { api.access.refuse('no'); }\nmodule.exports.onExecutePostLogin = run;",
    ],
    [
      'a wrapped function',
      "const wrap = (run) => (e, a) => run(e, a);\nexports.onExecutePostLogin = wrap(async (event, api) => { api.access.refuse('no'); });",
    ],
  ])('case=%s', (_name, code) => {
    expect(idsOf(code)).toEqual(['unknown-api-method']);
  });

  test('a method of one trigger in another is named with the trigger that has it', () => {
    const code = "exports.onExecutePostUserRegistration = async (event, api) => { api.user.setAppMetadata('a', 1); };";
    expect(lintAction({ code })[0]?.message).toBe(
      'onExecutePostUserRegistration has no api.user.setAppMetadata: it belongs to onExecutePostLogin, onContinuePostLogin, onExecutePreUserRegistration.',
    );
  });

  test('recordMethod is for onContinuePostLogin alone', () => {
    const body = "async (event, api) => { api.authentication.recordMethod('https://x.example'); };";
    expect(idsOf(`exports.onExecutePostLogin = ${body}`)).toEqual(['unknown-api-method']);
    expect(idsOf(`exports.onExecutePostLogin = async () => {};\nexports.onContinuePostLogin = ${body}`)).toEqual([]);
  });

  test('there is no api.organization: the Management API changes memberships', () => {
    const code =
      'exports.onExecutePostLogin = async (event, api) => { api.organization.removeMember(event.user.user_id); };';
    expect(lintAction({ code })[0]?.fix).toContain('management.organizations');
  });
});

describe('handlers', () => {
  test('trigger and handler differ', () => {
    const code = 'exports.onExecutePostLogin = async () => {};';
    expect(lintAction({ code, trigger: 'credentials-exchange' })[0]?.message).toBe(
      'credentials-exchange calls onExecuteCredentialsExchange, but the Action exports onExecutePostLogin.',
    );
  });

  test('a handler of a trigger that is not known here is let alone', () => {
    expect(idsOf('exports.onExecuteCustomTokenExchange = async (event, api) => { api.anything.goes(); };')).toEqual([]);
  });

  test('module.exports = function is called by nobody', () => {
    expect(idsOf('module.exports = async (event, api) => {};')).toEqual(['wrong-handler']);
  });

  test('exports that cannot be seen are not said to be missing', () => {
    expect(idsOf('module.exports = build();\nfunction build() { return Object.fromEntries([]); }')).toEqual([]);
    expect(idsOf('Object.assign(exports, globalThis.x);')).toEqual([]);
  });
});
