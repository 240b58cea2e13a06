/**
 * The steps of an upgrade, and of the way back: node by node, under load, with a while in which both versions serve. A
 * node is stopped by SIGTERM, as systemd and Kubernetes do, and the next one follows when it is ready again. Touches
 * nothing but the nodes.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntilReady } from '../../bench/processes.js';
import type { Case } from './cases.js';
import type { Server } from './older.js';
import type { Cluster, Node } from './start.js';

/** While both versions serve, after each node. */
const MIXED_MS = 8_000;
/** A node that is told to stop finishes its requests; the balancer has to notice it first. */
const STOP_SECONDS = 40;
/** A node is balanced to after one good check. */
const CHECKED_MS = 2_000;

/** A version that refuses to start on the tables of a newer one. The message is its own last line. */
class Refused extends Error {}

/** Waits until a node is ready. Throws {@link Refused} if its process ends before. */
async function waitForNode({ programs }: Cluster, { name, port }: Node): Promise<void> {
  const over = new AbortController();
  const watch = async () => {
    while (!over.signal.aborted && programs.isRunning(name)) await sleep(200);
    if (!over.signal.aborted) throw new Refused(findReason(programs.logOf(name)));
  };
  try {
    await Promise.race([waitUntilReady(`http://127.0.0.1:${port}`), watch()]);
  } finally {
    over.abort();
  }
}

/** Returns the first sentence of the last line of a log that is no JSON, as a program says why it does not start. */
export function findReason(log: string): string {
  const lines = log.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('{'));
  const last = lines.at(-1)?.trim() ?? 'it ended without a word';
  return (last.split('. ')[0] ?? last).replace(/^vestibule: |\.$/g, '');
}

async function replace(cluster: Cluster, node: Node, server: Server): Promise<void> {
  const { programs } = cluster;
  programs.signal(node.name, 'SIGTERM');
  await programs.waitForEnd(node.name, STOP_SECONDS);
  programs.restart(node.name, { args: [server.main, 'serve'] });
  await waitForNode(cluster, node);
  await sleep(CHECKED_MS);
}

/** Replaces all nodes, one after the other. */
async function replaceAll(cluster: Cluster, server: Server): Promise<void> {
  for (const node of cluster.nodes) {
    await replace(cluster, node, server);
    await sleep(MIXED_MS);
  }
}

/**
 * Goes back as {@link replaceAll}. If the older version refuses to start, the first node gets the newer one again. Returns
 * what it said.
 */
async function goBack(cluster: Cluster, older: Server, newer: Server): Promise<string | undefined> {
  for (const node of cluster.nodes) {
    try {
      await replace(cluster, node, older);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      await replace(cluster, node, newer);
      return `refused. ${error.message}`;
    }
    await sleep(MIXED_MS);
  }
  return undefined;
}

/** Returns the cases of an upgrade from `older` to `newer`, in their order. */
export function upgradeCases(older: Server, newer: Server): readonly Case[] {
  let wasRefused = false;
  const back = async (cluster: Cluster) => {
    const reason = await goBack(cluster, older, newer);
    wasRefused = reason !== undefined;
    return reason;
  };
  const again = (cluster: Cluster) => (wasRefused ? 'nothing to do' : replaceAll(cluster, newer));
  return [
    {
      name: 'upgrade',
      title: `three nodes from ${older.title} to ${newer.title}`,
      play: (cluster) => replaceAll(cluster, newer),
    },
    { name: 'back', title: 'the way back', play: back },
    { name: 'again', title: 'the upgrade again', play: async (cluster) => again(cluster) },
  ];
}
