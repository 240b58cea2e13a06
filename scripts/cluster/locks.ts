/**
 * Measures the longest wait for a lock of a whole table, as a migration causes it: every login behind it waits too.
 * Asks PostgreSQL four times a second, so shorter waits than that may be missed. Reads only.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from './start.js';

const PAUSE_MS = 250;

const LONGEST = `select coalesce(max(extract(epoch from clock_timestamp() - waitstart)), 0)::float8 as seconds
  from pg_locks where not granted and locktype = 'relation'`;

export class Locks {
  private longest = 0;
  private isOver = false;
  private loop = Promise.resolve();

  constructor(private readonly cluster: Pick<Cluster, 'sql'>) {}

  start(): void {
    this.loop = this.watch();
  }

  /** Returns the longest wait since the last call, in seconds. */
  take(): number {
    const { longest } = this;
    this.longest = 0;
    return longest;
  }

  private async watch(): Promise<void> {
    while (!this.isOver) {
      // The database may be away: the other columns of the table say so.
      const rows = await this.cluster.sql<{ seconds: number }>(LONGEST).catch(() => []);
      this.longest = Math.max(this.longest, rows[0]?.seconds ?? 0);
      await sleep(PAUSE_MS);
    }
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.loop;
  }
}
