/** Wrong use of the command line: two lines on stderr, nothing on stdout, exit code 2. Each case is a real process. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBundledPostgres } from '../../src/storage/bundled/start.js';
import { silentLog } from '../../src/storage/database/log.js';
import { createPool } from '../../src/storage/database/pool.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { startInstance } from '../support/instance.js';
import { runVestibule } from './run-vestibule.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vestibule-cli-'));
  // As root the database runs under another account, and has to reach its directory.
  await chmod(folder, 0o755);
  await writeFile(join(folder, 'array.json'), '[1]');
  await writeFile(join(folder, 'broken.json'), '{"sub":');
  await writeFile(join(folder, 'other.json'), '{"sub":"1","email":"uma@acme.example"}');
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const TENANT = ['--domain', 'localhost:9', '--client-id', 'cli', '--client-secret', 'hush-hush'];
const DANA = ['explain', 'dana@acme.example', '--organization', 'acme'];

interface Case {
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly says: string;
}

const CASES: readonly Case[] = [
  { name: 'no command', args: [], says: 'Usage: vestibule' },
  { name: 'an unknown command', args: ['serv'], says: "unknown command 'serv'" },
  { name: 'an unknown command with --help', args: ['rollou', '--help'], says: "unknown command 'rollou'" },
  { name: 'an unknown command after --help', args: ['--help', 'rollou'], says: "unknown command 'rollou'" },
  { name: 'an unknown command with --version', args: ['rollou', '--version'], says: "unknown command 'rollou'" },
  { name: 'an unknown command of guard', args: ['guard', 'instal'], says: 'Try: vestibule guard --help' },
  {
    name: 'an unknown command of guard with --help',
    args: ['guard', 'instal', '-h'],
    says: "unknown command 'instal'",
  },
  { name: 'a seat of nobody', args: ['rollout', 'move-seat'], says: "missing required argument 'address'" },
  { name: 'guard alone', args: ['guard'], says: 'Usage: vestibule guard' },
  {
    name: 'a guard without an organization',
    args: ['guard', 'install', '--connection', 'acme-oidc', ...TENANT],
    says: "'--organization <name>' not specified",
  },
  {
    name: 'a guard without a tenant',
    args: ['guard', 'install', '--organization', 'acme', '--connection', 'acme-oidc'],
    says: 'No tenant to ask',
  },
  {
    name: 'a sentence with a line break',
    args: ['guard', 'install', '--organization', 'acme', '--connection', 'c', '--stranger-text', 'a\nb', ...TENANT],
    says: 'It takes one sentence',
  },
  { name: 'an unknown command of sweep', args: ['guard', 'sweep', 'undo'], says: 'Try: vestibule guard sweep --help' },
  {
    name: 'a sweep without its plan',
    args: ['guard', 'sweep', 'apply', ...TENANT],
    says: "missing required argument 'file'",
  },
  {
    name: 'an age that is no number',
    args: ['guard', 'sweep', 'plan', '--organization', 'acme', '--min-age', '5m', ...TENANT],
    says: 'It takes whole seconds',
  },
  { name: 'no file to check', args: ['guard', 'check'], says: 'Try: vestibule guard check --help' },
  { name: 'an unknown option', args: ['serve', '--port', '1'], says: "unknown option '--port'" },
  { name: 'a stray argument', args: ['serve', 'now'], says: 'too many arguments' },
  { name: 'an unknown profile', args: ['serve', '--profile', 'okta'], says: 'Allowed choices are auth0.' },
  { name: 'facts without the double', args: ['serve', '--double-facts', 'x'], says: 'Give --profile auth0, too.' },
  { name: 'no address', args: ['explain', '--organization', 'acme'], says: "missing required argument 'email'" },
  { name: 'no organization', args: ['explain', 'dana@acme.example'], says: "'--organization <name>' not specified" },
  {
    name: 'an option without its value',
    args: [...DANA, '--connection'],
    says: "'--connection <name>' argument missing",
  },
  {
    name: 'something that is no address',
    args: ['explain', 'dana', '--organization', 'acme', ...TENANT],
    says: '"dana" is not an e-mail address',
  },
  { name: 'nobody to ask', args: DANA, says: 'No tenant to ask' },
  {
    name: 'half of the credentials',
    args: [...DANA, '--domain', 'localhost:9'],
    says: '--client-id and --client-secret missing',
  },
  {
    name: 'half of the credentials by environment',
    args: DANA,
    env: { AUTH0_DOMAIN: 'localhost:9', AUTH0_CLIENT_SECRET: 'hush-hush' },
    says: '--client-id missing',
  },
  {
    name: 'a domain with a path',
    args: [...DANA, ...TENANT.slice(2), '--domain', 'host/api'],
    says: 'The domain is "host/api"',
  },
  {
    name: 'a domain with a user',
    args: [...DANA, ...TENANT.slice(2), '--domain', 'a@host'],
    says: 'The domain is "a@host"',
  },
  {
    name: 'plain http',
    args: [...DANA, ...TENANT.slice(2), '--domain', 'http://host'],
    says: 'The domain is "http://host"',
  },
  { name: 'a wrong variable', args: DANA, env: { PORT: 'abc' }, says: 'PORT is "abc": it takes a port number' },
];

describe('wrong use', () => {
  test.concurrent.each(CASES)('case=$name', async ({ args, env, says }) => {
    const run = await runVestibule(args, env);
    expect(run.stderr).toContain(says);
    expect(run.stderr).not.toContain('hush-hush');
    expect(run.stderr).not.toMatch(/^ {4}at /m);
    expect(run.stdout).toBe('');
    expect(run.code).toBe(2);
  });

  test.concurrent.each([
    { file: 'absent.json', says: 'cannot be read' },
    { file: 'broken.json', says: 'cannot be read' },
    { file: 'array.json', says: 'holds no JSON object' },
    { file: 'other.json', says: 'says the address is "uma@acme.example"' },
  ])('case=claims file $file', async ({ file, says }) => {
    const run = await runVestibule([...DANA, ...TENANT, '--claims', join(folder, file)]);
    expect(run.stderr).toContain(says);
    expect(run.code).toBe(2);
  });
});

describe('help and version', () => {
  test.each([['--help'], ['explain', '--help'], ['serve', '--help'], ['doctor', '--help']])(
    '%s %s fits one screen of 80 x 24',
    async (...args) => {
      const run = await runVestibule(args);
      const lines = run.stdout.trimEnd().split('\n');
      expect(run.code).toBe(0);
      expect(lines.length).toBeLessThanOrEqual(24);
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
    },
  );

  test.each([['--help'], ['doctor', '--help']])('%s %s shows two examples', async (...args) => {
    const run = await runVestibule(args);
    expect(run.stdout.match(/^ {2}\$ .*vestibule /gm)).toHaveLength(2);
  });

  test('--version prints the version of package.json', async () => {
    expect((await runVestibule(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('serve', () => {
  test.each([
    ['{', 'JSON'],
    ['[]', 'a JSON object'],
    ['{"rate_plan":"gold"}', 'rate_plan is "gold": it takes enterprise, '],
    ['{"speed":0}', 'speed is 0: it takes a number from 0.001 to 1000'],
    ['{"sped":1}', 'sped is no switch of the double'],
    ['{"toString":1}', 'toString is no switch of the double'],
  ])('case=facts %s: the file, the switch and its values, exit 2', async (text, says) => {
    const file = join(folder, 'facts.json');
    await writeFile(file, text);
    const run = await runVestibule(['serve', '--profile', 'auth0', '--double-facts', file]);
    expect(run.stderr).toContain(`vestibule: --double-facts ${file}: `);
    expect(run.stderr).toContain(says);
    expect(run.stderr).toContain('docs/auth0-double.md');
    expect(run.code).toBe(2);
  });

  test('case=a wrong variable: one line that names it, exit 2 as for a wrong option', async () => {
    const run = await runVestibule(['serve'], { VESTIBULE_LOG_LEVEL: 'loud' });
    expect(run.stderr).toMatch(/^vestibule: VESTIBULE_LOG_LEVEL is "loud": it takes one of .*\n$/);
    expect(run.code).toBe(2);
  });

  test.each([
    { variable: 'PORT', others: {} },
    { variable: 'VESTIBULE_METRICS_PORT', others: { PORT: '0', VESTIBULE_URL: 'http://localhost' } },
  ])(
    'case=$variable in use: says so, names the variable, leaves nothing running',
    async ({ variable, others }) => {
      const holder = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => holder.once('listening', resolve));
      const address = holder.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      try {
        const run = await runVestibule(['serve'], {
          ...others,
          [variable]: String(port),
          VESTIBULE_DATA_DIR: join(folder, 'data'),
          VESTIBULE_LOG_LEVEL: 'warn',
        });
        expect(run.stderr).toContain(`port ${port} on 127.0.0.1 is in use`);
        expect(run.stderr).toContain(`set ${variable}.`);
        // Nothing but the reason: that the database stops again is no news.
        expect(run.stdout).toBe('');
        expect(run.code).toBe(3);
      } finally {
        await new Promise((resolve) => holder.close(resolve));
      }
    },
    45_000,
  );

  describe('with a database', () => {
    let database: TestDatabase;
    beforeAll(async () => {
      database = await createTestDatabase();
      const first = await startInstance({ database });
      await first.server.close();
    });
    afterAll(() => database.drop());

    const FREE = { PORT: '0', VESTIBULE_URL: 'http://localhost' };
    const TAKEN = 'The database cannot be used: ';
    test.each([
      { name: 'an address that is none', env: { HOST: 'fe80::1' }, says: 'Cannot listen: ', advice: 'Set HOST' },
      {
        name: 'a host that nobody knows',
        env: { HOST: 'no.such.invalid' },
        says: 'no address no.such',
        advice: 'Set HOST',
      },
      {
        name: 'another secret key',
        env: { VESTIBULE_SECRET_KEY: Buffer.alloc(32, 8).toString('base64') },
        says: 'written with another VESTIBULE_SECRET_KEY',
        advice: 'Start with that one.',
      },
      {
        name: 'TLS that the database lacks',
        query: 'sslmode=verify-full',
        says: TAKEN,
        advice: 'DATABASE_URL is right',
      },
    ])(
      'case=$name: what happened and what to do, no stack trace',
      async ({ env, query, says, advice }) => {
        const url = new URL(database.url);
        if (query !== undefined)
          for (const [name, value] of new URLSearchParams(query)) url.searchParams.set(name, value);
        const run = await runVestibule(['serve'], {
          ...FREE,
          DATABASE_URL: url.href,
          VESTIBULE_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
          VESTIBULE_LOG_LEVEL: 'warn',
          ...env,
        });
        expect(run.stderr).toContain(says);
        expect(run.stderr).toContain(advice);
        expect(run.stderr).toMatch(/^vestibule: .*\n(?:.*\n)?$/);
        expect(run.stdout).toBe('');
        expect(run.code).toBe(3);
      },
      45_000,
    );
  });

  test('case=a data directory with commas and quotes in its name is one directory', async () => {
    const dataDir = join(folder, `a, "b",c`);
    const server = await startBundledPostgres({ dataDir, log: silentLog });
    const pool = createPool({ url: server.url, log: silentLog });
    try {
      expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    } finally {
      await pool.end();
      await server.stop();
    }
  }, 45_000);
});
