/** Packages that an Action may require. The SDKs among them reach this server over its public origin with its own authority. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkDependencies } from '../../../src/actions/runner/dependencies.js';
import type { ClosableActionRunner } from '../../../src/actions/runner/runner.js';
import { createCertificate, hasOpenssl, type TestCertificate } from '../../support/certificate.js';
import { login, run, startRunner, toProgram } from './support.js';

const available = hasOpenssl();
if (!available) process.stderr.write('test/actions/runner/packages: SDKs are skipped, openssl is not installed\n');

let runner: ClosableActionRunner;
let leftovers: string[] = [];
const log = {
  debug: (fields: object) => leftovers.push(JSON.stringify(fields)),
  info: () => {},
  warn: () => {},
};

describe('require', () => {
  beforeAll(() => {
    runner = startRunner({ log });
  });
  afterAll(() => runner.close());

  test('gives the packages and Node’s own modules, with and without node:', async () => {
    leftovers = [];
    const code = login(`
      const _ = require('lodash');
      const { v4 } = require('uuid');
      const jwt = require('jsonwebtoken');
      const axios = require('axios');
      const jose = require('jose');
      const { setTimeout } = require('timers/promises');
      await setTimeout(1);
      const token = jwt.sign({ a: 1 }, 'secret');
      const verified = await jose.jwtVerify(token, new TextEncoder().encode('secret'));
      api.idToken.setCustomClaim('got', {
        lodash: _.camelCase('a b'), uuid: v4().length, jwt: jwt.verify(token, 'secret').a, jose: verified.payload.a,
        axios: typeof axios.get, isArray: _.isArray([]) && [] instanceof Array && _.isPlainObject(event.user),
        crypto: require('crypto') === require('node:crypto'), auth0: Object.keys(require('auth0')).includes('ManagementClient'),
      });`);
    const program = toProgram('post-login', code);
    const first = await run(runner, program);
    expect(first.end).toEqual({ kind: 'done' });
    const value = {
      lodash: 'aB',
      uuid: 36,
      jwt: 1,
      jose: 1,
      axios: 'function',
      isArray: true,
      crypto: true,
      auth0: true,
    };
    expect(first.effects).toEqual([{ kind: 'claim', token: 'id', name: 'got', value }]);
    // Nothing of it counts as a change: the process is used again.
    expect((await run(runner, program)).end).toEqual({ kind: 'done' });
    expect(leftovers).toEqual([]);
  });

  test('names what is available when something is not', async () => {
    const { end } = await run(runner, toProgram('post-login', login(`require('left-pad');`)));
    expect(end).toMatchObject({ kind: 'failed', failure: 'threw' });
    expect(JSON.stringify(end)).toMatch(/Cannot find module 'left-pad'.*auth0 4\.37\.1.*axios 1\..*crypto/);
  });
});

describe('dependencies', () => {
  test.each([
    ['auth0', '4.1.0'],
    ['auth0', '^7.0.0'],
    ['auth0', 'latest'],
    ['axios', '1.6.2'],
    ['lodash', '4'],
    ['jsonwebtoken', '~9.0'],
    ['jose', '6.x'],
    ['uuid', '8.3.2'],
  ])('%s %s is answered', (name, version) => {
    expect(checkDependencies([{ name, version }])).toEqual({});
  });

  test('what is not bundled is named, with what there is', () => {
    expect(
      checkDependencies([
        { name: 'auth0', version: '3.7.2' },
        { name: 'left-pad', version: '1.0.0' },
        { name: '__proto__', version: '1' },
      ]),
    ).toEqual(
      Object.assign(Object.create(null), {
        auth0: 'auth0 3.7.2 is not available here: 4.37.1 and 7.1.0 is',
        'left-pad': expect.stringMatching(/^left-pad 1\.0\.0 is not available here: an Action can require auth0 4/),
        ['__proto__']: expect.stringMatching(/is not available/),
      }),
    );
  });

  test('an Action gets the major that it asked for, and 4 when it asked for none', async () => {
    const versions = startRunner();
    const code = login(
      `const { ManagementClient } = require('auth0'); const client = new ManagementClient({ domain: 'x.example', token: 't' }); console.log(typeof client.organizations.deleteMembers, typeof client.organizations.members?.delete);`,
    );
    const result = await run(
      versions,
      toProgram(
        'post-login',
        { name: 'none', code },
        { name: 'four', code, dependencies: [{ name: 'auth0', version: '4.0.0' }] },
        { name: 'seven', code, dependencies: [{ name: 'auth0', version: '7.0.0' }] },
        { name: 'latest', code, dependencies: [{ name: 'auth0', version: 'latest' }] },
      ),
    );
    await versions.close();
    expect(result.end).toEqual({ kind: 'done' });
    expect(result.reports.map((report) => report.console[0])).toEqual([
      'function undefined',
      'function undefined',
      'undefined function',
      'undefined function',
    ]);
  });
});

describe.skipIf(!available)('the SDK inside of an Action', () => {
  let certificate: TestCertificate;
  let server: Server;
  let seen: string[] = [];
  let domain: string;

  beforeAll(async () => {
    certificate = createCertificate();
    server = createServer(
      { cert: readFileSync(certificate.cert), key: readFileSync(certificate.key) },
      (request, response) => {
        let body = '';
        request.on('data', (chunk: Buffer) => (body += chunk.toString()));
        request.on('end', () => {
          seen.push(`${request.method} ${request.url} ${body}`);
          const answers: Record<string, unknown> = {
            '/oauth/token': { access_token: 'token', expires_in: 60, token_type: 'Bearer' },
          };
          if (request.method === 'DELETE') return response.writeHead(204).end();
          response.writeHead(200, { 'content-type': 'application/json' });
          return response.end(
            JSON.stringify(answers[request.url ?? ''] ?? { user_id: 'auth0|1', email: 'ada@example.com' }),
          );
        });
      },
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    domain = `localhost:${(server.address() as AddressInfo).port}`;
    runner = startRunner({ origin: `https://${domain}`, caFile: certificate.ca, log });
  });
  afterAll(async () => {
    await runner.close();
    server.close();
    certificate.remove();
  });

  const code = (body: string) =>
    login(`
      const { ManagementClient } = require('auth0');
      const client = new ManagementClient({ domain: event.secrets.DOMAIN, clientId: 'c', clientSecret: 's' });
      ${body}`);

  test.each([
    ['4.37.1', `await client.organizations.deleteMembers({ id: 'org_1' }, { members: [event.user.user_id] });`],
    ['7.1.0', `await client.organizations.members.delete('org_1', { members: [event.user.user_id] });`],
  ])('%s calls the Management API of this server, again and again in one process', async (version, body) => {
    const source = {
      name: 'sdk',
      code: code(body),
      secrets: { DOMAIN: domain },
      dependencies: [{ name: 'auth0', version }],
    };
    const program = toProgram('post-login', source);
    leftovers = [];
    for (let turn = 0; turn < 2; turn += 1) {
      seen = [];
      expect((await run(runner, program)).end).toEqual({ kind: 'done' });
      expect(seen.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
        'POST /oauth/token',
        'DELETE /api/v2/organizations/org_1/members',
      ]);
      expect(seen[1]).toContain('{"members":["auth0|1"]}');
    }
    // Its open connections were closed between the executions, so the process could be kept.
    expect(leftovers).toEqual([]);
  });

  test('a server that its authority did not sign is not trusted', async () => {
    const stranger = startRunner({ origin: `https://${domain}` });
    const { end } = await run(
      stranger,
      toProgram(
        'post-login',
        login(`try { await fetch('https://${domain}/'); } catch (error) { api.access.deny(error.cause.code); }`),
      ),
    );
    await stranger.close();
    expect(end).toMatchObject({ kind: 'denied', reason: expect.stringMatching(/UNABLE_TO|SELF_SIGNED/) });
  });
});
