/** Asks each node at `/health/ready`, four times a second, and remembers what changes. Asks one question at a time. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Change } from './judge.js';
import type { Node } from './start.js';

const PAUSE_MS = 250;
/** A node answers within three seconds, whatever the database does. */
const WAIT_MS = 6_000;

export class Readiness {
  readonly changes: Change[] = [];
  private readonly last = new Map<string, string | undefined>();
  private isOver = false;
  private loops: readonly Promise<void>[] = [];

  start(nodes: readonly Node[]): void {
    this.loops = nodes.map((node) => this.watch(node));
  }

  /** Number of nodes that were ready when they were asked last. */
  get ready(): number {
    return [...this.last.values()].filter((reason) => reason === undefined).length;
  }

  private async watch({ name, port }: Node): Promise<void> {
    while (!this.isOver) {
      const reason = await ask(port);
      if (!this.last.has(name) || this.last.get(name) !== reason) {
        this.last.set(name, reason);
        this.changes.push({ node: name, atMs: Date.now(), reason });
      }
      await sleep(PAUSE_MS);
    }
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.loops);
  }
}

/** Returns why a node is not ready; undefined if it is. */
async function ask(port: number): Promise<string | undefined> {
  try {
    const signal = AbortSignal.timeout(WAIT_MS);
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal });
    const { reason } = (await answer.json()) as { reason?: string };
    return answer.ok ? undefined : (reason ?? String(answer.status));
  } catch {
    return 'it does not answer';
  }
}
