/**
 * The files in deploy/ and the guide to production name what exists, and keep to what the server needs: variables, paths, ports, sizes, times, limits of the
 * unit and the containers. Starts nothing but a shell; scripts/production-rehearsal.ts runs the same files for real.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readSections } from '../../scripts/rehearsal/guide.js';
import { EXIT } from '../../src/terminal/exit.js';
import { readSources } from '../support/source-files.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8');
const manifest = JSON.parse(read('package.json')) as { version: string; bin: Record<string, string>; files: string[] };
const FILES = readdirSync(`${root}deploy`, { withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ name }) => name);
const GUIDE = 'docs/guides/production.md';

/** Variables of docs/configuration.md, with their default as it is written there. */
const VARIABLES = new Map<string, string>(
  read('docs/configuration.md')
    .split('\n')
    .filter((line) => /^\| `[A-Z_]+`/.test(line))
    .flatMap((line) => {
      const [, names = '', , fallback = ''] = line.split(' | ').length > 2 ? ['', ...line.slice(2).split(' | ')] : [];
      return [...names.matchAll(/`([A-Z_]+)`/g)].map(
        ([, name = '']) => [name, fallback.replace(/ \|$/, '')] as [string, string],
      );
    }),
);
const defaultOf = (name: string) => Number.parseInt(VARIABLES.get(name) ?? '', 10);

/** The largest body that any route takes, in bytes. */
const LARGEST_BODY = Math.max(
  ...readSources('src')
    .flatMap(({ text }) => [...text.matchAll(/(?:BODY_LIMIT|FORM_LIMIT|LIMIT_BYTES) = ([\d_]+);/g)])
    .map(([, bytes = '']) => Number(bytes.replaceAll('_', ''))),
);

test('the table of variables was read', () => {
  expect([defaultOf('PORT'), defaultOf('VESTIBULE_IDLE_TIMEOUT'), defaultOf('VESTIBULE_SHUTDOWN_GRACE')]).toEqual([
    3000, 75, 25,
  ]);
  expect(LARGEST_BODY).toBeGreaterThan(1_000_000);
});

test('the package brings the files of deploy/', () => {
  expect(manifest.files).toContain('deploy');
});

describe('names', () => {
  const variablesIn = (text: string) => [
    ...new Set(text.match(/\b(?:VESTIBULE_[A-Z_]+|DATABASE_URL|SMTP_URL|MAIL_FROM)(?:_FILE)?\b/g) ?? []),
  ];

  test.each([...FILES.map((name) => `deploy/${name}`), GUIDE])(
    '%s: each variable is in docs/configuration.md',
    (path) => {
      const unknown = variablesIn(read(path)).filter((name) => !VARIABLES.has(name.replace(/_FILE$/, '')));
      expect(unknown).toEqual([]);
    },
  );

  test('the guide names files of deploy/ that exist, and the version that is packed', () => {
    const named = [...read(GUIDE).matchAll(/(?:\$DEPLOY|`deploy)\/([\w.-]+)/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !existsSync(`${root}deploy/${name}`))).toEqual([]);
    expect(read(GUIDE)).toContain(`\nVERSION=${manifest.version}\n`);
  });

  test('each file of deploy/ is in the guide, or in a file that is', () => {
    const told = [
      GUIDE,
      'docs/guides/restore.md',
      'docs/guides/monitoring.md',
      'deploy/compose.yaml',
      'deploy/Containerfile',
    ]
      .map(read)
      .join('\n');
    expect(FILES.filter((name) => !told.includes(name))).toEqual([]);
  });

  test('unit, command and guide mean the same environment and the same program', () => {
    const program = '/opt/vestibule/current/node_modules/.bin/vestibule';
    expect(manifest.bin).toHaveProperty('vestibule');
    for (const path of ['deploy/vestibule.service', 'deploy/vestibule-admin', GUIDE]) {
      expect(read(path), path).toContain('/etc/vestibule/vestibule.env');
      expect(read(path), path).toContain(program);
    }
  });
});

describe('the unit', () => {
  const options = new Map(
    read('deploy/vestibule.service')
      .split('\n')
      .filter((line) => /^[A-Z]/.test(line))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );

  test.each([
    ['User', 'vestibule'],
    ['NoNewPrivileges', 'yes'],
    ['CapabilityBoundingSet', ''],
    ['ProtectSystem', 'strict'],
    ['ProtectHome', 'yes'],
    ['PrivateTmp', 'yes'],
    ['PrivateDevices', 'yes'],
    ['ProtectProc', 'invisible'],
    ['SystemCallFilter', '@system-service'],
    // A login that is under way keeps its Action.
    ['KillMode', 'mixed'],
    // An Action that uses up memory does not stop the server.
    ['OOMPolicy', 'continue'],
    ['RestartPreventExitStatus', String(EXIT.wrongUse)],
  ])('%s=%s', (name, value) => {
    expect(options.get(name)).toBe(value);
  });

  test.each(['MemoryDenyWriteExecute', 'PrivateUsers', 'ProcSubset', 'DynamicUser'])(
    'has no %s, which would stop it',
    (name) => {
      expect(options.has(name)).toBe(false);
    },
  );

  test('waits longer for the end than the server takes, and has a file descriptor for each connection', () => {
    expect(Number(options.get('TimeoutStopSec'))).toBeGreaterThan(defaultOf('VESTIBULE_SHUTDOWN_GRACE') + 5);
    expect(Number(options.get('LimitNOFILE'))).toBeGreaterThan(defaultOf('VESTIBULE_MAX_CONNECTIONS') + 1_000);
  });
});

describe('proxies', () => {
  const nginx = read('deploy/nginx.conf');
  const caddy = read('deploy/Caddyfile');
  const secondsOf = (text: string, name: string) => Number(new RegExp(`${name} (\\d+)s`).exec(text)?.[1]);

  test('nginx has the sizes that docs/configuration.md asks for', () => {
    const row =
      read('docs/configuration.md')
        .split('\n')
        .find((line) => line.startsWith('| nginx |')) ?? '';
    const settings = [...row.matchAll(/`([^`]+;)`/g)].map(([, setting = '']) => setting);
    expect(settings.length).toBe(3);
    expect(settings.filter((setting) => !nginx.includes(setting))).toEqual([]);
  });

  test('bodies that the server takes pass', () => {
    const megabytes = (text: string, pattern: RegExp) => Number(pattern.exec(text)?.[1]);
    expect(megabytes(nginx, /client_max_body_size (\d+)m;/) * 1_048_576).toBeGreaterThan(LARGEST_BODY);
    expect(megabytes(caddy, /max_size (\d+)MB/) * 1_000_000).toBeGreaterThan(LARGEST_BODY);
  });

  test('connections to the server are given up before the server closes them, and Actions have their time', () => {
    for (const [text, idle, answer] of [
      [nginx, 'keepalive_timeout', 'proxy_read_timeout'],
      [caddy, 'keepalive', 'response_header_timeout'],
    ] as const) {
      expect(secondsOf(text, idle)).toBeLessThan(defaultOf('VESTIBULE_IDLE_TIMEOUT'));
      expect(secondsOf(text, answer)).toBeGreaterThan(2 * defaultOf('VESTIBULE_ACTIONS_TIMEOUT'));
    }
  });

  test('both lead to the port of the server', () => {
    const port = defaultOf('PORT');
    expect(nginx).toContain(`server 127.0.0.1:${port};`);
    expect(caddy).toContain(`reverse_proxy 127.0.0.1:${port} {`);
  });

  test('a client cannot claim an address', () => {
    expect(nginx).toContain('proxy_set_header X-Forwarded-For $remote_addr;');
    expect(nginx).toContain('proxy_set_header Forwarded "";');
    expect(caddy).not.toContain('trusted_proxies');
  });

  test('links of invitations and answers of identity providers come into no log', () => {
    const format = /^log_format vestibule .*$/m.exec(nginx)?.[0] ?? '';
    expect(format).toContain('$uri');
    expect(format).not.toMatch(/\$(request\b(?!_)|request_uri|args|query_string|http_referer|http_cookie)/);
    expect([...nginx.matchAll(/access_log (.*);/g)].map(([, value]) => value)).toEqual([
      'off',
      '/var/log/nginx/vestibule.log vestibule',
    ]);
    expect(caddy).not.toMatch(/^\s*log\b/m);
  });
});

describe('containers', () => {
  interface Service {
    readonly image: string;
    readonly build?: { readonly context: string; readonly dockerfile: string };
    readonly read_only?: boolean;
    readonly cap_drop?: readonly string[];
    readonly security_opt?: readonly string[];
    readonly ports?: readonly string[];
    readonly environment: Readonly<Record<string, string>>;
    readonly secrets: readonly string[];
    readonly stop_grace_period: string;
    readonly healthcheck?: object;
  }
  const compose = parse(read('deploy/compose.yaml')) as {
    readonly services: Readonly<Record<'vestibule' | 'database', Service>>;
    readonly secrets: Readonly<Record<string, { readonly file: string }>>;
    readonly networks: { readonly inside: { readonly ipam: { readonly config: readonly { gateway: string }[] } } };
  };
  const { vestibule, database } = compose.services;
  const entry = read('deploy/container-entry');
  const containerfile = read('deploy/Containerfile');

  test('the server has a read-only root, no capability, and is reached by this machine alone', () => {
    expect(vestibule).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    expect(vestibule.ports).toEqual(['127.0.0.1:3000:3000']);
    expect(database.ports).toBeUndefined();
    expect(database).toMatchObject({ image: 'docker.io/library/postgres:17', healthcheck: {} });
    expect(Number.parseInt(vestibule.stop_grace_period, 10)).toBeGreaterThan(defaultOf('VESTIBULE_SHUTDOWN_GRACE'));
  });

  test('secrets are files, which the entry reads', () => {
    const known = (/^for name in (.*); do$/m.exec(entry)?.[1] ?? '').split(' ');
    const names = Object.keys(vestibule.environment);
    for (const secret of known) expect(names, 'in a file, not in the clear').not.toContain(secret);
    for (const name of names.filter((one) => one.endsWith('_FILE'))) expect(known).toContain(name.slice(0, -5));
    for (const service of [vestibule, database]) {
      const paths = Object.entries(service.environment).filter(([name]) => name.endsWith('_FILE'));
      expect(paths.map(([, path]) => path).sort()).toEqual(
        service.secrets.map((name) => `/run/secrets/${name}`).sort(),
      );
      for (const name of service.secrets) expect(compose.secrets[name]?.file).toBe(`./secrets/${name}`);
    }
    for (const ignore of ['.gitignore', '.dockerignore']) expect(read(ignore)).toMatch(/^deploy\/secrets\/?$/m);
  });

  test('the proxy that is trusted is the gateway of the network', () => {
    expect(vestibule.environment.VESTIBULE_TRUST_PROXY).toBe(compose.networks.inside.ipam.config[0]?.gateway);
  });

  test('the image is built from files that exist, with named versions, for an account without a name', () => {
    expect(existsSync(`${root}deploy/${vestibule.build?.context}/${vestibule.build?.dockerfile}`)).toBe(true);
    for (const [, path = ''] of containerfile.matchAll(/^COPY --chmod=\d+ (\S+)/gm))
      expect(existsSync(`${root}${path}`), path).toBe(true);
    for (const [, image = ''] of containerfile.matchAll(/^ARG \w+_IMAGE=(\S+)/gm))
      expect(image).toMatch(/:(?!latest)[\w.-]+$/);
    expect(containerfile).toMatch(/^USER \d{4,}:\d{4,}$/m);
    expect(containerfile).toMatch(/^HEALTHCHECK [\s\S]*?\/health\/live/m);
    expect(containerfile).toContain(`PORT=${defaultOf('PORT')}`);
    expect(containerfile.match(/npm (?:install|i)\b/g)).toBeNull();
  });

  describe('the entry', () => {
    const folder = mkdtempSync(join(tmpdir(), 'vestibule-entry-'));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'node'), `#!/bin/sh\necho "$@" "[$SMTP_URL] [$SMTP_URL_FILE]"\n`);
    chmodSync(join(folder, 'node'), 0o755);
    const start = (env: Record<string, string>) =>
      spawnSync('/bin/sh', [`${root}deploy/container-entry`, 'operator', 'list'], {
        env: { PATH: `${folder}:${process.env.PATH}`, ...env },
        encoding: 'utf8',
      });

    test('gives the server what is in the file, unchanged', () => {
      const secret = `smtp://u:a'b"c $(id) *\\@h`;
      writeFileSync(join(folder, 'smtp'), `${secret}\n`);
      const { status, stdout } = start({ SMTP_URL_FILE: join(folder, 'smtp') });
      expect([status, stdout]).toEqual([0, `/opt/vestibule/dist/main.js operator list [${secret}] []\n`]);
    });

    test('names the variable of a file that it cannot read, and starts nothing', () => {
      const { status, stdout, stderr } = start({ SMTP_URL_FILE: join(folder, 'none') });
      expect([status, stdout]).toEqual([EXIT.wrongUse, '']);
      expect(stderr).toContain('SMTP_URL_FILE');
    });

    test('leaves variables alone that are set themselves', () => {
      expect(start({ SMTP_URL: 'smtp://h' }).stdout).toContain('[smtp://h] []');
    });
  });
});

describe('the guide', () => {
  const sections = readSections(read(GUIDE));

  test('has blocks for each step that the rehearsal follows', () => {
    expect(sections.map(({ title }) => title)).toEqual([
      'Your values',
      'Packages, account, database',
      'The package',
      'Environment',
      'Start',
      'nginx and TLS',
      'The first owner',
      'Backup',
      'Restore',
      'Upgrade, and the way back',
      'Caddy in place of nginx',
    ]);
  });

  test('the rehearsal finds the block for each of its checks exactly once', () => {
    const after = /const AFTER[\s\S]*?\n};/.exec(read('scripts/production-rehearsal.ts'))?.[0] ?? '';
    const marks = [...after.matchAll(/^ {2}'((?:[^'\\]|\\.)*)':/gm)].map(([, mark = '']) =>
      mark.replaceAll('\\n', '\n'),
    );
    expect(marks.length).toBeGreaterThan(5);
    const blocks = sections.flatMap((section) => section.blocks);
    expect(marks.map((mark) => [mark, blocks.filter((block) => block.includes(mark)).length])).toEqual(
      marks.map((mark) => [mark, 1]),
    );
  });

  test.each(sections)('$title: a shell can read its blocks', ({ blocks }) => {
    for (const block of blocks) execFileSync('bash', ['-n'], { input: block });
  });
});
