/**
 * The cluster by hand: prints the addresses, shows every few seconds what the people of the load see, and takes
 * commands that break and repair parts. Ends with `quit` or Ctrl-C. Decides nothing about the cluster.
 */
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { keyOf } from './judge.js';
import { Load, type Place } from './load.js';
import { findPrimary, getByRole, readRoles, switchOver } from './members.js';
import { Readiness } from './readiness.js';
import { findStored } from './rehearse.js';
import type { Cluster } from './start.js';

const SHOW_MS = 5_000;

const NAMES = `names: primary standby pg1 pg2 pg3 etcd1 etcd2 etcd3 pgbouncer haproxy-database haproxy-nodes node1 node2 node3`;
const HELP = `kill NAME      ends a program at once, as a power failure does
freeze NAME    stops it without an end, as a machine that hangs;  thaw NAME lets it go on
start NAME     starts a program that was killed
switch-over    makes the synchronous standby the primary
pause, resume  keeps the transactions in PgBouncer meanwhile
quit           stops everything
${NAMES}`;

/** Returns the addresses and what to try, as the command prints it. */
export function describeCluster({ origin, ports, members, nodes }: Cluster, logs: string): string {
  const at = (port: number) => `127.0.0.1:${port}`;
  const rows: readonly (readonly [string, string])[] = [
    ['sign-in, at HAProxy', origin],
    ['nodes that are ready', `http://${at(ports.balancerStatus)}/`],
    ['PostgreSQL that is the primary', `http://${at(ports.databaseStatus)}/`],
    ['nodes', nodes.map(({ port }) => `http://${at(port)}/health/ready`).join('\n')],
    ['PgBouncer', at(ports.pooler)],
    ['primary, through HAProxy', at(ports.database)],
    ['PostgreSQL', members.map(({ name, port }) => `${name} ${at(port)}`).join(', ')],
    ['Patroni', members.map(({ name, apiPort }) => `http://${at(apiPort)}/cluster (${name})`).join('\n')],
    ['logs', logs],
  ];
  const indent = ' '.repeat(34);
  return rows.map(([what, where]) => `  ${what.padEnd(32)}${where.replaceAll('\n', `\n${indent}`)}`).join('\n');
}

/** Returns the program of a name that people type. */
async function resolveName({ members }: Cluster, name: string): Promise<string> {
  if (name === 'primary') return (await getByRole(members, 'leader')).name;
  if (name === 'standby') return (await getByRole(members, 'sync_standby')).name;
  return name;
}

type Command = (cluster: Cluster, name: string) => Promise<string>;

const COMMANDS: Readonly<Record<string, Command>> = {
  kill: async ({ programs }, name) => programs.kill(name).then(() => `${name} is killed. Later: start ${name}`),
  freeze: async ({ programs }, name) => programs.freeze(name).then(() => `${name} hangs. Later: thaw ${name}`),
  thaw: async ({ programs }, name) => {
    programs.thaw(name);
    return `${name} goes on`;
  },
  start: async ({ programs }, name) => {
    if (programs.isRunning(name)) return `${name} is running`;
    programs.restart(name);
    return `${name} is started`;
  },
  'switch-over': async ({ members, apiPassword }) =>
    switchOver(members, apiPassword).then(() => 'Patroni switches over'),
  pause: async (cluster) => cluster.tellPooler('PAUSE').then(() => 'PgBouncer keeps all transactions'),
  resume: async (cluster) => cluster.tellPooler('RESUME').then(() => 'PgBouncer goes on'),
  help: async () => HELP,
};

async function obey(cluster: Cluster, line: string): Promise<void> {
  const [word = '', typed = ''] = line.trim().split(/\s+/);
  if (word === '') return;
  const command = COMMANDS[word];
  try {
    const needsName = ['kill', 'freeze', 'thaw', 'start'].includes(word);
    const name = await resolveName(cluster, typed);
    if (!command || (needsName && !cluster.programs.isKnown(name))) return console.log(HELP);
    console.log(await command(cluster, name));
  } catch (error) {
    console.log(error instanceof Error ? error.message : String(error));
  }
}

/** One line: what the people saw, and what the database has. */
async function showState(cluster: Cluster, place: Place, load: Load, readiness: Readiness): Promise<string> {
  const seen = [...load.seen];
  const stored = await findStored(cluster, place.tenant.openOrganization, seen).catch(() => undefined);
  const missing = stored && seen.filter((login) => !stored.has(keyOf(login))).length;
  const last = seen.at(-1);
  const primary = await findPrimary(cluster.members);
  const roles = await readRoles(cluster.members);
  const standby = Object.entries(roles).find(([, role]) => role === 'sync_standby')?.[0];
  const parts = [
    `${seen.length} logins seen, ${missing ?? '?'} of them missing`,
    `${load.failures.length} failed`,
    `the last one ${last ? `${((Date.now() - last.atMs) / 1000).toFixed(1)} s ago` : 'never'}`,
    `primary ${primary?.name ?? 'none'}, synchronous standby ${standby ?? 'none'}`,
    `${readiness.ready} of 3 nodes ready`,
  ];
  return parts.join('; ');
}

/** Runs until somebody types `quit`. Returns true if nothing was lost. */
export async function talk(cluster: Cluster, place: Place, rate: number, logs: string): Promise<boolean> {
  console.log(`\n${describeCluster(cluster, logs)}\n\n${HELP}\n\nTry: kill primary\n`);
  const load = new Load(place, `hand${process.pid}`);
  const readiness = new Readiness();
  load.start(rate);
  readiness.start(cluster.nodes);
  const lines = createInterface({ input: process.stdin });
  let isOver = false;
  // Without a terminal the input ends at once. Then only a signal ends the cluster.
  const quit = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      if (line.trim() !== 'quit') return void obey(cluster, line);
      isOver = true;
      resolve();
    });
  });
  while (!isOver) {
    await Promise.race([sleep(SHOW_MS), quit]);
    console.log(await showState(cluster, place, load, readiness));
  }
  lines.close();
  await Promise.all([load.stop(), readiness.stop()]);
  const stored = await findStored(cluster, place.tenant.openOrganization, load.seen);
  return load.seen.every((login) => stored.has(keyOf(login)));
}
