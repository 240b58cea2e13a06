/**
 * The failures of the rehearsal: one row, one case. Each causes its failure, waits, and repairs it; the rehearsal waits
 * until all is well again. Touches nothing but the programs of the cluster.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { getByRole, type Member, switchOver, waitForOther } from './members.js';
import type { Cluster } from './start.js';

export interface Case {
  readonly name: string;
  /** Title in the table: what happens. */
  readonly title: string;
  /** Plays it. A text that it returns is added to its title: how far it came. */
  readonly play: (cluster: Cluster) => Promise<unknown>;
}

/** How long something hangs or is away. */
const AWAY_MS = 30_000;
const A_WHILE_MS = 10_000;
/** A new primary has to be there within this time, in seconds. */
const PATIENCE = 90;

const findLeader = ({ members }: Cluster) => getByRole(members, 'leader');
const findStandby = ({ members }: Cluster) => getByRole(members, 'sync_standby');

async function awaitOther({ members }: Cluster, former: Member): Promise<void> {
  if (!(await waitForOther(members, former, PATIENCE))) throw new Error('there is no new primary');
}

/** Kills PostgreSQL alone. Patroni goes on. */
async function killPostgresql(cluster: Cluster): Promise<void> {
  const leader = await findLeader(cluster);
  const file = join(cluster.programs.folderOf(leader.name), 'postgres', 'postmaster.pid');
  process.kill(Number(readFileSync(file, 'utf8').split('\n', 1)[0]), 'SIGKILL');
  await awaitOther(cluster, leader);
}

/** Kills Patroni and PostgreSQL, as a power failure does. The machine is back after a while. */
async function killPrimary(cluster: Cluster): Promise<void> {
  const leader = await findLeader(cluster);
  await cluster.programs.kill(leader.name);
  await awaitOther(cluster, leader);
  await sleep(A_WHILE_MS);
  cluster.programs.restart(leader.name);
}

async function freezePrimary(cluster: Cluster): Promise<void> {
  const leader = await findLeader(cluster);
  await cluster.programs.freeze(leader.name);
  await sleep(AWAY_MS);
  cluster.programs.thaw(leader.name);
}

async function cutPrimary(cluster: Cluster): Promise<void> {
  const way = (await findLeader(cluster)).name.replace('pg', 'way');
  await cluster.programs.freeze(way);
  await sleep(AWAY_MS);
  cluster.programs.thaw(way);
}

const switchPolitely = ({ members, apiPassword }: Cluster) => switchOver(members, apiPassword);

/** PgBouncer lets transactions end and keeps new ones, while the primary changes. */
async function switchPaused(cluster: Cluster): Promise<void> {
  await cluster.tellPooler('PAUSE');
  try {
    const former = await findLeader(cluster);
    await switchPolitely(cluster);
    await awaitOther(cluster, former);
    // HAProxy needs one check to see the new primary.
    await sleep(1_500);
  } finally {
    await cluster.tellPooler('RESUME');
  }
}

async function freezeStandby(cluster: Cluster): Promise<void> {
  const standby = await findStandby(cluster);
  await cluster.programs.freeze(standby.name);
  await sleep(AWAY_MS);
  cluster.programs.thaw(standby.name);
}

async function killStandby(cluster: Cluster): Promise<void> {
  const standby = await findStandby(cluster);
  await cluster.programs.kill(standby.name);
  await sleep(A_WHILE_MS);
  cluster.programs.restart(standby.name);
}

async function removeEtcd({ programs }: Cluster): Promise<void> {
  const all = ['etcd1', 'etcd2', 'etcd3'];
  await Promise.all(all.map((name) => programs.kill(name)));
  await sleep(AWAY_MS);
  for (const name of all) programs.restart(name);
}

async function restartPooler({ programs }: Cluster): Promise<void> {
  programs.signal('pgbouncer', 'SIGTERM');
  await programs.waitForEnd('pgbouncer', 10);
  programs.restart('pgbouncer');
}

async function killNode({ programs }: Cluster): Promise<void> {
  await programs.kill('node1');
  await sleep(A_WHILE_MS);
  programs.restart('node1');
}

async function freezeNode({ programs }: Cluster): Promise<void> {
  await programs.freeze('node1');
  await sleep(AWAY_MS);
  programs.thaw('node1');
}

async function restartNode({ programs }: Cluster): Promise<void> {
  programs.signal('node1', 'SIGTERM');
  await programs.waitForEnd('node1', 40);
  programs.restart('node1');
}

/** The old process of HAProxy checks nothing any more, so PgBouncer makes its connections again. */
async function reload(cluster: Cluster): Promise<void> {
  cluster.programs.signal('haproxy-nodes', 'SIGUSR2');
  cluster.programs.signal('haproxy-database', 'SIGUSR2');
  await sleep(3_000);
  await cluster.tellPooler('RECONNECT');
}

export const CASES: readonly Case[] = [
  { name: 'switch-over', title: 'polite switch-over', play: switchPolitely },
  { name: 'paused-switch-over', title: 'switch-over between `PAUSE` and `RESUME`', play: switchPaused },
  { name: 'postgresql-killed', title: 'PostgreSQL of the primary killed', play: killPostgresql },
  { name: 'primary-killed', title: 'machine of the primary gone', play: killPrimary },
  { name: 'primary-hung', title: 'machine of the primary hangs 30 s', play: freezePrimary },
  { name: 'primary-cut', title: 'primary cut off from etcd 30 s', play: cutPrimary },
  { name: 'standby-hung', title: 'synchronous standby hangs 30 s', play: freezeStandby },
  { name: 'standby-killed', title: 'synchronous standby gone', play: killStandby },
  { name: 'etcd-away', title: 'etcd away 30 s', play: removeEtcd },
  { name: 'pooler-restarted', title: 'PgBouncer restarted', play: restartPooler },
  { name: 'node-killed', title: 'a node killed', play: killNode },
  { name: 'node-hung', title: 'a node hangs 30 s', play: freezeNode },
  { name: 'node-restarted', title: 'a node restarted by SIGTERM', play: restartNode },
  { name: 'haproxy-reloaded', title: 'both HAProxy reloaded', play: reload },
];
