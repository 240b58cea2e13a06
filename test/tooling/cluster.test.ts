/**
 * The files of deploy/cluster are well-formed, name what exists, and have the settings that docs/guides/cluster.md
 * explains. Starts nothing; `npm run cluster -- --rehearse` runs the same files for real.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { CASES } from '../../scripts/cluster/cases.js';
import { namesIn, readEnvironment } from '../../scripts/cluster/template.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8');
const FILES = readdirSync(`${root}deploy/cluster`);
const file = (name: string) => read(`deploy/cluster/${name}`);
const guide = read('docs/guides/cluster.md');
const configuration = read('docs/configuration.md');

/** Settings without comments, as text of one line each. */
const settingsOf = (name: string) =>
  file(name)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(#|;|--)/.test(line));

const patroni = parse(file('patroni.yml')) as {
  readonly bootstrap: {
    readonly dcs: {
      readonly ttl: number;
      readonly loop_wait: number;
      readonly retry_timeout: number;
      readonly synchronous_mode: boolean;
      readonly failsafe_mode: boolean;
      readonly primary_start_timeout: number;
      readonly postgresql: { readonly parameters: Readonly<Record<string, string | number>> };
    };
    readonly initdb: readonly unknown[];
  };
};
const pooler = Object.fromEntries(
  settingsOf('pgbouncer.ini')
    .filter((line) => line.includes(' = '))
    .map((line) => line.split(' = ') as [string, string]),
);

describe('every file', () => {
  test.each(FILES)('%s is in the guide', (name) => {
    expect(guide).toContain(`\`${name}\``);
  });

  test.each(FILES)('%s: the guide has a value for each name', (name) => {
    const names = namesIn(file(name)).filter((one) => !new RegExp(`\\b${one}=`).test(guide));
    expect(names).toEqual([]);
  });
});

describe('Patroni', () => {
  const { dcs } = patroni.bootstrap;

  test('a healthy primary keeps its lock while it tries to renew it', () => {
    expect(dcs.ttl).toBeGreaterThanOrEqual(20);
    expect(dcs.loop_wait + 2 * dcs.retry_timeout).toBeLessThanOrEqual(dcs.ttl);
  });

  test('no acknowledged commit is lost, and etcd may be away', () => {
    expect(dcs).toMatchObject({ synchronous_mode: true, failsafe_mode: true, primary_start_timeout: 0 });
    expect(patroni.bootstrap.initdb).toContain('data-checksums');
  });

  test('the guide names the same seconds', () => {
    expect(guide).toContain(`| \`ttl\` ${dcs.ttl} s |`);
    expect(guide).toContain(`| \`loop_wait\`, \`retry_timeout\` ${dcs.loop_wait} s |`);
    expect(guide).toContain(
      `| \`wal_sender_timeout\` ${String(dcs.postgresql.parameters.wal_sender_timeout).slice(0, -1)} s |`,
    );
  });

  test('PostgreSQL has room for the PgBouncer of each of three nodes', () => {
    expect(3 * Number(pooler.max_db_connections)).toBeLessThan(Number(dcs.postgresql.parameters.max_connections));
  });
});

describe('PgBouncer', () => {
  test('it is in the mode that the nodes are told, and hides no setting', () => {
    expect(pooler.pool_mode).toBe('transaction');
    expect(pooler).not.toHaveProperty('ignore_startup_parameters');
    expect(readEnvironment(file('node.env')).VESTIBULE_DATABASE_POOLER).toBe('transaction');
  });

  test('it tries again at once, and keeps nothing for longer than a node waits', () => {
    expect(pooler.server_login_retry).toBe('1');
    // 12 s: docs/reliability.md, "The worst day".
    expect(Number(pooler.query_wait_timeout)).toBeLessThan(12);
    expect(guide).toContain(`| \`query_wait_timeout\` ${pooler.query_wait_timeout} s |`);
  });

  test('the role has the limits that a pooler drops', () => {
    const limits = [...configuration.matchAll(/^alter role vestibule set .*$/gm)].map(([line]) => line);
    expect(limits.length).toBe(3);
    expect(settingsOf('role.sql')).toEqual(expect.arrayContaining(limits));
  });
});

describe('HAProxy', () => {
  const database = settingsOf('haproxy-database.cfg');
  const nodes = settingsOf('haproxy-nodes.cfg');
  const secondsOf = (name: string) => Number(nodes.find((line) => line.startsWith(name))?.match(/(\d+)s$/)?.[1]);

  test('checks come each second, and one good one is enough', () => {
    for (const settings of [database, nodes])
      expect(settings).toContain('default-server inter 1s fastinter 500ms fall 2 rise 1');
  });

  test('connections to a former primary are closed, those to a node that stops are not', () => {
    expect(database).toContain('default-server on-marked-down shutdown-sessions');
    expect(nodes.join('\n')).not.toContain('shutdown-sessions');
  });

  test('a request is sent to another node only if it was never sent', () => {
    expect(nodes).toContain('retry-on conn-failure');
    expect(nodes).toContain('option redispatch 1');
  });

  test('if no node is ready, the nodes answer', () => {
    expect(nodes).toContain('use_backend not-ready unless { nbsrv(nodes) gt 0 }');
    const unready = nodes.slice(nodes.indexOf('backend not-ready'));
    expect(unready.filter((line) => /^server .* check/.test(line))).toEqual([]);
  });

  test('a client cannot claim an address, and links of invitations come into no log', () => {
    expect(nodes).toContain('http-request set-header X-Forwarded-For %[src]');
    expect(nodes).toContain('http-request del-header Forwarded');
    expect(nodes.filter((line) => /^(?:log\b|option (?:httplog|forwardfor))/.test(line))).toEqual([]);
  });

  test('times fit those of the server', () => {
    const defaultOf = (name: string) =>
      Number(new RegExp(`^\\| \`${name}\`.* \\| (\\d+)[^|]*\\|$`, 'm').exec(configuration)?.[1]);
    expect(secondsOf('timeout http-keep-alive')).toBeLessThan(defaultOf('VESTIBULE_IDLE_TIMEOUT'));
    expect(secondsOf('timeout server')).toBeGreaterThan(2 * defaultOf('VESTIBULE_ACTIONS_TIMEOUT'));
    expect(nodes).toContain('tune.bufsize 65536');
  });
});

test('variables of node.env are in docs/configuration.md', () => {
  const unknown = Object.keys(readEnvironment(file('node.env'))).filter(
    (name) => !configuration.includes(`\`${name}\``),
  );
  expect(unknown).toEqual([]);
});

test('case=each case of the rehearsal has a name of its own, and the documents name one that exists', () => {
  const names = CASES.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const [, name = ''] of read('docs/reliability.md').matchAll(/--rehearse --only ([\w-]+)/g))
    expect(names).toContain(name);
});
