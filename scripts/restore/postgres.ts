/**
 * One PostgreSQL of Debian for the rehearsal of a restore, with its write-ahead log archived by pgBackRest. Its files are
 * below the folder of the rehearsal, and it listens on 127.0.0.1 only.
 */
import { execFile } from 'node:child_process';
import { appendFileSync, chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { findFreePort } from '../../bench/processes.js';
import type { Programs } from '../cluster/programs.js';
import { fillTemplate } from '../cluster/template.js';
import type { Account } from '../cluster/tools.js';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const HOST = '127.0.0.1';
/** Name of the cluster in deploy/pgbackrest.conf. */
const STANZA = 'vestibule';
/** Seconds after which a segment of the log is archived that is not full: at most so much is lost with the machine. */
export const ARCHIVE_SECONDS = 60;

export interface Places {
  readonly programs: Programs;
  /** Folder of PostgreSQL's programs. */
  readonly postgresql: string;
  readonly pgbackrest: string;
  /** Account of PostgreSQL, which refuses root; undefined where this process is not root. */
  readonly account: Account | undefined;
  /** Folder of the archive, which both PostgreSQL use. */
  readonly archive: string;
}

export class Postgres {
  private constructor(
    private readonly places: Places,
    readonly name: string,
    readonly port: number,
  ) {}

  /** Prepares the folder and pgBackRest's file. Starts nothing. */
  static async prepare(places: Places, name: string): Promise<Postgres> {
    const postgres = new Postgres(places, name, await findFreePort());
    const values = {
      REPOSITORY: places.archive,
      LOGS: places.archive,
      LOCKS: places.archive,
      PG_DATA: postgres.data,
      PG_PORT: String(postgres.port),
      PG_SOCKET: postgres.folder,
    };
    const file = readFileSync(`${ROOT}deploy/pgbackrest.conf`, 'utf8');
    places.programs.prepare(name, { 'pgbackrest.conf': fillTemplate(file, values) }, places.account);
    return postgres;
  }

  private get folder(): string {
    return this.places.programs.folderOf(this.name);
  }

  private get data(): string {
    return join(this.folder, 'data');
  }

  /** Address for a server. */
  get url(): string {
    return `postgres://postgres@${HOST}:${this.port}/vestibule`;
  }

  private exec(command: string, args: readonly string[]) {
    const env = { PATH: process.env.PATH, LANG: 'C.UTF-8', HOME: this.folder };
    return run(command, [...args], { cwd: this.folder, env, ...this.places.account });
  }

  /** Runs a command of pgBackRest. Throws with its output. */
  async backrest(command: string, ...options: readonly string[]): Promise<void> {
    const config = `--config=${join(this.folder, 'pgbackrest.conf')}`;
    await this.exec(this.places.pgbackrest, [config, `--stanza=${STANZA}`, ...options, command]);
  }

  /** Creates the data directory of an empty cluster that archives its log. */
  async create(): Promise<void> {
    const args = [
      '--pgdata',
      this.data,
      '--username',
      'postgres',
      '--auth',
      'trust',
      '--encoding',
      'UTF8',
      '--locale',
      'C.UTF-8',
    ];
    await this.exec(join(this.places.postgresql, 'initdb'), [...args, '--data-checksums']);
    const push = `${this.places.pgbackrest} --config=${join(this.folder, 'pgbackrest.conf')} --stanza=${STANZA} archive-push %p`;
    this.configure(['archive_mode = on', `archive_command = '${push}'`, `archive_timeout = ${ARCHIVE_SECONDS}`]);
  }

  /** Restores the newest backup and the archive: to their end, or to a time of the database's clock. Archives nothing. */
  async restore(time: string | undefined): Promise<void> {
    mkdirSync(this.data, { mode: 0o700 });
    if (this.places.account) chownSync(this.data, this.places.account.uid, this.places.account.gid);
    const target = time === undefined ? [] : ['--type=time', `--target=${time}`, '--target-action=promote'];
    await this.backrest('restore', ...target);
    this.configure(['archive_mode = off']);
  }

  private configure(lines: readonly string[]): void {
    const own = [`port = ${this.port}`, `listen_addresses = '${HOST}'`, `unix_socket_directories = '${this.folder}'`];
    appendFileSync(join(this.data, 'postgresql.conf'), `${[...own, ...lines].join('\n')}\n`);
  }

  /** Starts it, and waits until it takes writes: a restored one replays the log first. */
  async start(): Promise<void> {
    const { programs, postgresql, account } = this.places;
    programs.start(this.name, { command: join(postgresql, 'postgres'), args: ['-D', this.data], account });
    for (let turn = 0; turn < 600; turn++) {
      const [row] = await this.ask<{ standby: boolean }>('select pg_is_in_recovery() as standby', 'postgres').catch(
        () => [],
      );
      if (row?.standby === false) return;
      if (!programs.isRunning(this.name))
        throw new Error(`${this.name} ended: ${programs.logOf(this.name).slice(-500)}`);
      await sleep(100);
    }
    throw new Error(`${this.name} takes no writes within a minute`);
  }

  /** Runs one statement as the superuser, on a connection of its own. */
  async ask<Row extends object>(
    text: string,
    database = 'vestibule',
    values: readonly unknown[] = [],
  ): Promise<readonly Row[]> {
    const client = new pg.Client({ connectionString: this.url.replace(/vestibule$/, database) });
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query<Row>(text, [...values])).rows;
    } finally {
      await client.end();
    }
  }

  /** Ends it at once, as a power failure does. */
  kill(): Promise<void> {
    return this.places.programs.kill(this.name);
  }
}

/**
 * Returns a digest of every table, by its name: SHA-256 over its rows as text, in their order. Equal digests are equal
 * rows.
 */
export async function readDigests(postgres: Pick<Postgres, 'ask'>): Promise<Readonly<Record<string, string>>> {
  const tables = await postgres.ask<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public' order by 1`,
  );
  const digests: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] = await postgres.ask<{ digest: string }>(
      `select encode(sha256(convert_to(coalesce(string_agg(t::text, E'\\n' order by t::text), ''), 'UTF8')), 'hex') as digest
         from ${pg.escapeIdentifier(name)} t`,
    );
    digests[name] = row?.digest ?? '';
  }
  return digests;
}

/** Makes the folder of the archive for PostgreSQL's account. */
export function makeArchive(folder: string, account: Account | undefined): void {
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(join(folder, '.keep'), '');
  if (account) chownSync(folder, account.uid, account.gid);
}
