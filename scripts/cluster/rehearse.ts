/**
 * Plays the cases under load, one after the other, and judges each. Ends with the first loss only after all cases were
 * played: the table shows them all. Writes docs/reliability.md after each case, unless it is told to write nothing.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Case } from './cases.js';
import { findLosses, judge, type SeenLogin, type Verdict } from './judge.js';
import { Load, type Place } from './load.js';
import { Locks } from './locks.js';
import { waitUntilWhole } from './members.js';
import { Readiness } from './readiness.js';
import { allowRotation, Rotations } from './rotations.js';
import type { Cluster } from './start.js';
import { type Mark, printRow, printTable, type Row, replaceTable } from './table.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DOCUMENT = `${ROOT}docs/reliability.md`;
/** Time of undisturbed logins before a fault, and after all is well again. */
const CALM_MS = 6_000;
/** Seconds after which the cluster has to be whole again. */
const PATIENCE = 150;

/** Returns `login sessionId` of every stored session of these logins whose account is whole. */
export async function findStored(cluster: Pick<Cluster, 'sql'>, organization: string, seen: readonly SeenLogin[]) {
  const rows = await cluster.sql<{ key: string }>(
    `select i.subject || ' ' || s.id as key from sessions s
       join identities i on i.user_id = s.user_id and i.status = 'bound'
       join members m on m.user_id = s.user_id and m.organization_id = $1
      where s.id = any($2)`,
    [organization, seen.map(({ sessionId }) => sessionId)],
  );
  return new Set(rows.map(({ key }) => key));
}

/** Counts accounts of the load without an identity or a membership, and those that exist twice. */
async function countHalved(cluster: Cluster, organization: string): Promise<number> {
  const rows = await cluster.sql<{ halved: number }>(
    `select (select count(*) from users u where u.email like '%@corp.test' and (
          not exists (select from identities i where i.user_id = u.user_id and i.status = 'bound')
          or not exists (select from members m where m.user_id = u.user_id and m.organization_id = $1)))::int
      + (select count(*) from (select email from users where email like '%@corp.test'
          group by email having count(*) > 1) twice)::int as halved`,
    [organization],
  );
  return rows[0]?.halved ?? Number.NaN;
}

class Rehearsal {
  private readonly load: Load;
  private readonly rotations: Rotations;
  private readonly readiness = new Readiness();
  readonly locks: Locks;
  private readonly reported = new Set<string>();
  private endedBefore = 0;

  constructor(
    private readonly cluster: Cluster,
    private readonly place: Place,
  ) {
    this.load = new Load(place, 'load');
    this.rotations = new Rotations(place, 'load');
    this.locks = new Locks(cluster);
  }

  async start(rate: number): Promise<void> {
    await allowRotation(this.place);
    this.load.start(rate);
    this.readiness.start(this.cluster.nodes);
    this.locks.start();
    await sleep(CALM_MS);
  }

  /** Waits until members and nodes are as before the fault. Throws if they are not. */
  private async waitUntilWell(name: string): Promise<void> {
    if (!(await waitUntilWhole(this.cluster.members, PATIENCE)))
      throw new Error(`${name}: the cluster is not whole again`);
    for (let turn = 0; this.readiness.ready < this.cluster.nodes.length; turn++) {
      if (turn > PATIENCE) throw new Error(`${name}: a node is not ready again`);
      await sleep(1_000);
    }
  }

  /** Plays one case. Returns its verdict, and the sentence of a case that was not played to its end. */
  async play({ name, play }: Case): Promise<{ readonly verdict: Verdict; readonly note: string | undefined }> {
    await this.rotations.fill();
    await sleep(CALM_MS);
    this.locks.take();
    const faultMs = Date.now();
    const said = await play(this.cluster);
    const note = typeof said === 'string' ? said : undefined;
    await this.waitUntilWell(name);
    await sleep(CALM_MS);
    const endMs = Date.now();
    const organization = this.place.tenant.openOrganization;
    const seen = this.load.seen.filter(({ atMs }) => atMs <= endMs);
    const verdict = judge({
      faultMs,
      endMs,
      seen,
      failures: this.load.failures,
      changes: this.readiness.changes,
      stored: await findStored(this.cluster, organization, seen),
      halved: await countHalved(this.cluster, organization),
      families: this.rotations.families,
      ended: this.rotations.refusals.length - this.endedBefore,
    });
    this.endedBefore = this.rotations.refusals.length;
    const missing = verdict.missing.filter((key) => !this.reported.has(key));
    for (const key of missing) this.reported.add(key);
    return { verdict: { ...verdict, missing }, note };
  }

  async stop(): Promise<void> {
    await Promise.all([this.load.stop(), this.rotations.stop(), this.readiness.stop(), this.locks.stop()]);
  }
}

/** Returns the sentence above the table. */
function printHeading(rate: number, versions: string): string {
  const commit = execFileSync('git', ['rev-parse', '--short=8', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim();
  const date = new Date().toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'processor'}, ${Math.round(totalmem() / 2 ** 30)} GB`;
  return `${date}, commit ${commit}, ${machine}, Node ${process.versions.node}.\n${versions}. ${rate} logins a second.`;
}

function writeTable(mark: Mark, table: string): void {
  writeFileSync(DOCUMENT, replaceTable(readFileSync(DOCUMENT, 'utf8'), mark, table));
}

export interface Options {
  readonly cases: readonly Case[];
  /** Table of the document to write; undefined to write none. */
  readonly table: Mark | undefined;
  /** True to show the longest wait for a lock of a table. */
  readonly locks: boolean;
  readonly rate: number;
  readonly versions: string;
}

/** Plays the cases. Returns true if nothing was lost. */
export async function rehearse(cluster: Cluster, place: Place, options: Options): Promise<boolean> {
  const { cases, table, rate, versions } = options;
  const rehearsal = new Rehearsal(cluster, place);
  const rows: Row[] = [];
  let losses = 0;
  try {
    await rehearsal.start(rate);
    for (const one of cases) {
      const { verdict, note } = await rehearsal.play(one);
      const title = note === undefined ? one.title : `${one.title}: ${note}`;
      const row = { title, verdict, ...(options.locks && { lockSeconds: rehearsal.locks.take() }) };
      rows.push(row);
      console.log(printRow(row));
      for (const loss of findLosses(verdict)) console.log(`  LOST: ${loss}`);
      losses += findLosses(verdict).length;
      if (table) writeTable(table, printTable(printHeading(rate, versions), rows));
    }
  } finally {
    await rehearsal.stop();
  }
  console.log(`${rows.length} cases, ${losses} with a loss`);
  return losses === 0;
}
