/**
 * Attack: somebody else's text takes over the terminal of an operator: the name of an organization, a member or an
 * Action, an error of a server, the name of a file. Every command is run against a server that answers all with such
 * text, and against keepers that do.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeCommandLine } from '../../scripts/docs/command-line.js';
import { runCommandLine } from '../../src/cli/program.js';
import type { World } from '../../src/cli/world.js';
import { StartError } from '../../src/kernel/errors.js';
import { toPrintableJson } from '../../src/kernel/terminal-text.js';

const HOSTILE = 'Acme\u001b]0;owned\u0007\u001b[2J\u009b31m\u202eevil\u2028\r\nDone: everything is as planned.\ufdd1';
/** As a terminal would obey it, a reader misread it, or it begins a line. */
const OBEYED = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufdd0-\ufdef]/u;
const FORGED = /^Done: everything/;

/** Objects of any resource: each property that a command may read is hostile. */
const thing = {
  ...{ id: HOSTILE, name: HOSTILE, display_name: HOSTILE, user_id: HOSTILE, email: HOSTILE, connection_id: HOSTILE },
  ...{ strategy: 'oidc', status: HOSTILE, domain: HOSTILE, rule: HOSTILE, outcome: 'refused', client_id: HOSTILE },
  ...{ trace: [{ stage: HOSTILE, rule: HOSTILE, answer: 'refuse', evidence: { [HOSTILE]: HOSTILE } }], code: HOSTILE },
  ...{ options: { domain_aliases: [HOSTILE], issuer: HOSTILE }, remedy: { call: HOSTILE, command: HOSTILE } },
};
const found = {
  ...thing,
  ...{ access_token: 'token', token_type: 'Bearer', expires_in: 3_600, scope: HOSTILE, connection: thing },
  ...{ organizations: [thing], connections: [thing], members: [thing], actions: [thing], bindings: [thing] },
  ...{ domains: [thing], enabled_connections: [thing], users: [thing], total: 1, start: 0, limit: 100, length: 1 },
};
const error = { statusCode: 403, error: HOSTILE, message: HOSTILE, errorCode: HOSTILE, error_description: HOSTILE };

/** By what the server answers: a token, and everything else. */
const MODES = {
  'refuses the token': { token: [403, error], other: [403, error] },
  'refuses every call': { token: [200, found], other: [403, error] },
  fails: { token: [200, found], other: [500, error] },
  'finds hostile things': { token: [200, found], other: [200, found] },
  'gives hostile lists': { token: [200, found], other: [200, [thing]] },
} as const;

let server: Server;
let origin: string;
let mode: keyof typeof MODES = 'fails';
beforeAll(async () => {
  server = createServer((request, response) => {
    const [status, body] = MODES[mode][request.url === '/oauth/token' ? 'token' : 'other'];
    request.resume();
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

const at = new Date('2026-11-30T10:00:00Z');
const key = { kid: HOSTILE, createdAt: at, state: 'signs', until: undefined } as const;
const tally = { table: HOSTILE, column: HOSTILE, current: 1, former: 1, lost: 1 };
const close = async () => {};

/** Each line that is printed, as main.ts gets it. `fails`: every keeper throws a hostile error. */
async function run(argv: readonly string[], fails: boolean): Promise<readonly string[]> {
  const lines: string[] = [];
  const add = (line: string) => void lines.push(line);
  const fail = () => Promise.reject(new StartError(HOSTILE));
  const bug = () => Promise.reject(new Error(HOSTILE));
  const action = { trigger: 'post-login', id: HOSTILE, name: HOSTILE, stopped: 1, lastReason: HOSTILE } as const;
  const version = { number: 1, deployedAt: at };
  const world: World = {
    env: {
      ...{
        VESTIBULE_URL: origin,
        VESTIBULE_MANAGEMENT_CLIENT_ID: 'cli',
        VESTIBULE_MANAGEMENT_CLIENT_SECRET: 'hush-hush',
      },
      ...{ SUDO_USER: HOSTILE },
    },
    out: add,
    note: add,
    showLine: add,
    width: 100,
    colourful: false,
    readInput: async () =>
      `exports.onExecutePostLogin = async (event, api) => { api['${HOSTILE.replace(/\s/g, '')}'](); };`,
    startServer: fails ? bug : fail,
    openKeys: fails
      ? bug
      : async () => ({
          list: async () => [key],
          rotate: async () => key,
          remove: async () => 'needed',
          countSealed: async () => [tally],
          reseal: async () => [tally],
          findLastEnd: async () => at,
          close,
        }),
    openOperators: fails
      ? bug
      : async () => ({
          invite: async () => ({ url: HOSTILE, expiresAt: at }),
          list: async () => [{ userId: HOSTILE, email: HOSTILE, role: 'owner' }],
          remove: async () => 'last',
          resetFactors: async () => true,
          close,
        }),
    openActions: fails
      ? bug
      : async () => ({
          list: async () => [{ ...action, version, former: [version] }],
          rollBack: async () => ({ refusal: HOSTILE }),
          unbind: async () => ({ trigger: HOSTILE as 'post-login' }),
          close,
        }),
    openExaminer: fails ? bug : fail,
    onHangup() {},
    untilStopped: async () => {},
  };
  await runCommandLine(argv, world);
  return lines;
}

/** Arguments by command; `HOSTILE` stands where a person types a name. */
const ARGUMENTS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  serve: [[], ['--profile', HOSTILE], ['--profile', 'auth0', '--double-facts', HOSTILE]],
  explain: [
    ['sam@acme.example', '--organization', HOSTILE],
    [HOSTILE, '--organization', 'acme', '--connection', HOSTILE, '--claims', HOSTILE],
  ],
  'rollout plan': [
    ['--organization', HOSTILE, '--connection', HOSTILE],
    ['--organization', 'acme', '--connection', 'c', '--directory', HOSTILE, '--alias', HOSTILE],
  ],
  'rollout apply': [[HOSTILE]],
  'rollout status': [[HOSTILE]],
  'rollout verify': [[HOSTILE]],
  'rollout rollback': [[HOSTILE], [HOSTILE, '--used', HOSTILE]],
  'rollout move-seat': [['--organization', HOSTILE, '--user', HOSTILE, '--connection', HOSTILE, '--subject', HOSTILE]],
  'guard check': [['-'], [HOSTILE]],
  'guard install': [[], ['--state', HOSTILE]],
  'guard uninstall': [[], ['--state', HOSTILE]],
  'guard sweep plan': [
    ['--organization', HOSTILE],
    ['--organization', 'acme', '--out', HOSTILE],
  ],
  'guard sweep apply': [[HOSTILE]],
  'guard sweep rollback': [[HOSTILE]],
  'keys list': [[]],
  'keys rotate': [[]],
  'keys remove': [[HOSTILE]],
  'keys reseal': [[]],
  'operator invite': [['olga@company.example'], [HOSTILE]],
  'operator list': [[]],
  'operator remove': [[HOSTILE]],
  'operator reset-factors': [[HOSTILE]],
  'actions list': [[]],
  'actions rollback': [
    [HOSTILE, '1'],
    [HOSTILE, HOSTILE],
  ],
  'actions unbind': [[HOSTILE], [HOSTILE, '--logins-go-unchecked']],
  doctor: [[], ['--send-to', HOSTILE]],
  completion: [[HOSTILE]],
};

test('every command is in the list', async () => {
  const page = await writeCommandLine();
  const commands = [...page.matchAll(/^#+ `vestibule ([a-z- ]+)`/gm)].map(([, name = '']) => name);
  const leaves = commands.filter((name) => !commands.some((one) => one.startsWith(`${name} `)));
  expect([...new Set(leaves)].sort()).toEqual(Object.keys(ARGUMENTS).sort());
});

describe.each(Object.keys(MODES) as (keyof typeof MODES)[])('a server that %s', (name) => {
  test.each(Object.keys(ARGUMENTS))('attack=%s', async (command) => {
    mode = name;
    for (const given of ARGUMENTS[command] ?? [])
      for (const more of [[], ['--json']])
        for (const fails of [false, true]) {
          const lines = await run([...command.split(' '), ...given, ...more], fails);
          expect(lines.filter((line) => OBEYED.test(line) || FORGED.test(line))).toEqual([]);
        }
  });
});

test('attack=a line of the log of the server', () => {
  let written = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written += String(chunk);
      done();
    },
  });
  pino({ hooks: { streamWrite: toPrintableJson } }, stream).info({ name: HOSTILE }, HOSTILE);
  expect(written.trimEnd()).not.toMatch(OBEYED);
  expect(JSON.parse(written)).toMatchObject({ name: HOSTILE, msg: HOSTILE });
});
