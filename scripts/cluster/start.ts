/**
 * Starts the whole cluster on loopback addresses, from the files of deploy/cluster: three etcd, three PostgreSQL under
 * Patroni, HAProxy, PgBouncer, three nodes, HAProxy before them, and an identity provider for the people of the load.
 * Everything is below one folder, and everything ends with {@link Cluster.stop}. Invents no setting: those are in the
 * files.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { waitUntilReady } from '../../bench/processes.js';
import { MACHINE } from '../../bench/setup.js';
import { findPrimary, type Member, waitUntilWhole } from './members.js';
import { Programs } from './programs.js';
import { fillTemplate, readEnvironment, type Values } from './template.js';
import { type Account, findAccount, type Tools } from './tools.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const HOST = '127.0.0.1';
const MEMBERS = ['1', '2', '3'] as const;
const readDeploy = (file: string) => readFileSync(`${ROOT}deploy/cluster/${file}`, 'utf8');
const newSecret = () => randomBytes(18).toString('base64url');

export interface Node {
  readonly name: string;
  readonly port: number;
}

export interface Cluster {
  /** Address of the sign-in, at HAProxy. */
  readonly origin: string;
  readonly issuer: string;
  readonly members: readonly Member[];
  readonly nodes: readonly Node[];
  readonly programs: Programs;
  /** Password of Patroni's REST API. */
  readonly apiPassword: string;
  readonly ports: Ports;
  /** Runs a statement at the primary, as the superuser. */
  sql<Row extends object>(statement: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** Gives PgBouncer a command: `PAUSE`, `RESUME`, `RECONNECT`. */
  tellPooler(command: string): Promise<void>;
  stop(): Promise<void>;
}

export interface Plan {
  readonly tools: Tools;
  /** Folder of Patroni's programs. */
  readonly patroni: string;
  /** An empty folder for the data. */
  readonly folder: string;
  /** A folder for the log of each program. */
  readonly logs: string;
  /** The server: `dist/main.js` of a package. */
  readonly main: string;
  /** True to put a proxy between each member and etcd, so that one of them can be cut off. */
  readonly canCut: boolean;
  readonly say: (text: string) => void;
}

type Ports = Awaited<ReturnType<typeof choosePorts>>;

/**
 * Returns a function that finds free ports, one after the other. They are below the range of outgoing connections: one of
 * those would take the port of a program that is being restarted.
 */
function portFinder(): () => Promise<number> {
  let next = 20_000 + randomInt(10_000);
  return async () => {
    while (!(await isFree(next))) next += 1;
    return next++;
  };
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, HOST, () => probe.close(() => resolve(true)));
  });
}

async function choosePorts() {
  const findFreePort = portFinder();
  const three = async () => [await findFreePort(), await findFreePort(), await findFreePort()] as const;
  return {
    etcd: await three(),
    etcdPeers: await three(),
    /** Ports of the proxies between a member and etcd. */
    ways: await three(),
    postgres: await three(),
    patroni: await three(),
    nodes: await three(),
    database: await findFreePort(),
    databaseStatus: await findFreePort(),
    pooler: await findFreePort(),
    balancer: await findFreePort(),
    balancerStatus: await findFreePort(),
    idp: await findFreePort(),
  };
}

/** Values of the templates that are the same for all members. */
function commonValues(ports: Ports, { tools }: Plan): Values {
  const at = (list: readonly number[]) => list.map((port) => `${HOST}:${port}`);
  const numbered = (name: string, list: readonly (number | string)[]) =>
    Object.fromEntries(list.map((value, index) => [`${name}${index + 1}`, String(value)]));
  const cluster = ports.etcdPeers.map((port, index) => `etcd${index + 1}=http://${HOST}:${port}`);
  return {
    ADDRESS: HOST,
    NETWORK: `${HOST}/32`,
    ETCD_CLUSTER: cluster.join(),
    ETCD_HOSTS: at(ports.etcd).join(),
    PG_BIN: tools.postgresql,
    // Three members on one machine cannot share its watchdog, and it would restart this machine.
    WATCHDOG: 'off',
    API_PASSWORD: newSecret(),
    SUPERUSER_PASSWORD: newSecret(),
    REPLICATION_PASSWORD: newSecret(),
    DATABASE_PASSWORD: newSecret(),
    SECRET_KEY: randomBytes(32).toString('base64'),
    DATABASE_HOST: HOST,
    DATABASE_PORT: String(ports.database),
    DATABASE_STATUS_PORT: String(ports.databaseStatus),
    PGBOUNCER_HOST: HOST,
    PGBOUNCER_PORT: String(ports.pooler),
    BALANCER_ADDRESS: HOST,
    BALANCER_PORT: String(ports.balancer),
    BALANCER_STATUS_PORT: String(ports.balancerStatus),
    SCHEME: 'http',
    URL: `http://localhost:${ports.balancer}`,
    ...numbered('PG', at(ports.postgres)),
    ...numbered('API_PORT', ports.patroni),
    ...numbered('NODE', at(ports.nodes)),
  };
}

/** Proxies between the members and etcd: a frozen one is a network that says nothing. */
function wayConfig(port: number, ports: Ports): string {
  const servers = ports.etcd.map((etcd, index) => `  server etcd${index + 1} ${HOST}:${etcd}`);
  const times = 'timeout connect 2s\n  timeout client 1h\n  timeout server 1h';
  return `defaults\n  mode tcp\n  ${times}\nlisten etcd\n  bind ${HOST}:${port}\n${servers.join('\n')}\n`;
}

class Start {
  private readonly account: Account | undefined = findAccount();
  readonly programs: Programs;
  readonly members: readonly Member[];
  readonly nodes: readonly Node[];

  constructor(
    readonly plan: Plan,
    readonly ports: Ports,
    readonly values: Values,
  ) {
    this.programs = new Programs(plan.folder, plan.logs);
    const byIndex = (index: number) => ({ port: ports.postgres[index] ?? 0, apiPort: ports.patroni[index] ?? 0 });
    this.members = MEMBERS.map((number, index) => ({ name: `pg${number}`, ...byIndex(index) }));
    this.nodes = MEMBERS.map((number, index) => ({ name: `node${number}`, port: ports.nodes[index] ?? 0 }));
  }

  /** Writes a file from its template into the program's folder. Returns that folder. */
  private prepare(name: string, file: string, more: Values = {}): string {
    const values = { ...this.values, DATA: this.programs.folderOf(name), MEMBER: name, ...more };
    return this.programs.prepare(name, { [file]: fillTemplate(readDeploy(file), values) }, this.account);
  }

  private startEtcd(): void {
    for (const [index, number] of MEMBERS.entries()) {
      const name = `etcd${number}`;
      const own = { ETCD_PORT: String(this.ports.etcd[index]), ETCD_PEER_PORT: String(this.ports.etcdPeers[index]) };
      const folder = this.prepare(name, 'etcd.yml', own);
      const args = ['--config-file', join(folder, 'etcd.yml')];
      this.programs.start(name, { command: this.plan.tools.etcd, args, account: this.account });
    }
  }

  private startHaproxy(name: string, file: string, folder: string): void {
    const args = ['-W', '-f', join(folder, file)];
    this.programs.start(name, { command: this.plan.tools.haproxy, args, account: this.account });
  }

  private startMember(index: number): void {
    const name = `pg${index + 1}`;
    const way = this.ports.ways[index] ?? 0;
    if (this.plan.canCut) {
      const files = { 'way.cfg': wayConfig(way, this.ports) };
      this.startHaproxy(`way${index + 1}`, 'way.cfg', this.programs.prepare(`way${index + 1}`, files, this.account));
    }
    const own = { PG_PORT: String(this.ports.postgres[index]), API_PORT: String(this.ports.patroni[index]) };
    const folder = this.prepare(name, 'patroni.yml', own);
    const cut = { PATRONI_ETCD3_HOSTS: `${HOST}:${way}`, PATRONI_ETCD3_USE_PROXIES: 'true' };
    this.programs.start(name, {
      command: join(this.plan.patroni, 'patroni'),
      args: [join(folder, 'patroni.yml')],
      env: this.plan.canCut ? cut : {},
      account: this.account,
    });
  }

  async startDatabase(): Promise<void> {
    this.plan.say('three etcd');
    this.startEtcd();
    // Patroni ends if etcd has not agreed on its version yet.
    await until(60, 'etcd', () => hasVersion(this.ports.etcd[0]));
    this.plan.say('three PostgreSQL under Patroni');
    this.startMember(0);
    await until(60, 'the first PostgreSQL', async () => (await findPrimary(this.members)) !== undefined);
    this.startMember(1);
    this.startMember(2);
    if (!(await waitUntilWhole(this.members, 120))) throw new Error('the standbys do not follow the primary');
    const file = 'haproxy-database.cfg';
    const folder = this.prepare('haproxy-database', file, { SOCKET: this.socketOf('haproxy-database') });
    this.startHaproxy('haproxy-database', file, folder);
  }

  startPooler(password: string): void {
    const userlist = join(this.programs.folderOf('pgbouncer'), 'userlist.txt');
    const settings = fillTemplate(readDeploy('pgbouncer.ini'), { ...this.values, USERLIST: userlist });
    const users = `"vestibule" "${this.values.DATABASE_PASSWORD}"\n"pgbouncer" "${password}"\n`;
    const files = { 'pgbouncer.ini': settings, 'userlist.txt': users };
    const folder = this.programs.prepare('pgbouncer', files, this.account);
    const args = [join(folder, 'pgbouncer.ini')];
    this.programs.start('pgbouncer', { command: this.plan.tools.pgbouncer, args, account: this.account });
  }

  private startNode(index: number): Node {
    const node = this.nodes[index] as Node;
    this.programs.prepare(node.name, {});
    const env = {
      ...readEnvironment(fillTemplate(readDeploy('node.env'), { ...this.values, PORT: String(node.port) })),
      // The identity provider of the load is on this machine, and so are all people.
      VESTIBULE_OUTBOUND_ALLOW: `${HOST}/8`,
      VESTIBULE_LOG_LINES_PER_MINUTE: '1000000',
      VESTIBULE_MANAGEMENT_CLIENT_ID: MACHINE.id,
      VESTIBULE_MANAGEMENT_CLIENT_SECRET: MACHINE.secret,
    };
    this.programs.start(node.name, { command: process.execPath, args: [this.plan.main, 'serve'], env });
    return node;
  }

  async startNodes(): Promise<void> {
    this.plan.say('three nodes');
    for (const index of this.nodes.keys()) {
      const { port } = this.startNode(index);
      // One after the other: the first one makes the tables.
      await waitUntilReady(`http://${HOST}:${port}`);
    }
    const file = 'haproxy-nodes.cfg';
    const page = join(this.programs.folderOf('haproxy-nodes'), 'away.html');
    const values = { ...this.values, SOCKET: this.socketOf('haproxy-nodes'), AWAY_PAGE: page };
    const files = { [file]: fillTemplate(readDeploy(file), values), 'away.html': readDeploy('away.html') };
    this.startHaproxy('haproxy-nodes', file, this.programs.prepare('haproxy-nodes', files, this.account));
    this.programs.prepare('idp', {});
    const env = { IDP_PORT: String(this.ports.idp) };
    this.programs.start('idp', { command: process.execPath, args: [`${ROOT}bench/fast-idp.mjs`], env });
    await waitUntilReady(this.values.URL ?? '');
  }

  private socketOf(name: string): string {
    return join(this.programs.folderOf(name), 'admin.sock');
  }
}

/** True when the members of etcd have found each other. */
async function hasVersion(port: number): Promise<boolean> {
  const answer = await fetch(`http://${HOST}:${port}/version`).catch(() => undefined);
  const { etcdcluster } = ((await answer?.json()) ?? {}) as { etcdcluster?: string };
  return /^\d/.test(etcdcluster ?? '');
}

/** Asks until the answer is true. Throws after `seconds`. */
async function until(seconds: number, what: string, ask: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!(await ask())) {
    if (performance.now() > end) throw new Error(`${what} did not start within ${seconds} s`);
    await sleep(250);
  }
}

/** Runs one statement on a connection of its own: the last one may have led to a former primary. */
async function runOnce<Row extends object>(url: string, text: string, values?: readonly unknown[]) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Row>(text, values === undefined ? undefined : [...values])).rows;
  } finally {
    await client.end();
  }
}

/**
 * True if several connections in a row lead to the primary: HAProxy counts all servers as up until its first checks are
 * over.
 */
async function leadsToPrimary(url: string): Promise<boolean> {
  const ask = () => runOnce<{ standby: boolean }>(url, 'select pg_is_in_recovery() as standby').catch(() => []);
  for (let turn = 0; turn < 6; turn++) if ((await ask())[0]?.standby !== false) return false;
  return true;
}

/** Order in which the processes stop: clients before their servers. */
const ENDS = ['haproxy-nodes', 'node1', 'node2', 'node3', 'pgbouncer', 'haproxy-database', 'pg3', 'pg2', 'pg1'];

/** Starts the cluster. Throws with the reason, after everything was stopped that had started. */
export async function startCluster(plan: Plan): Promise<Cluster> {
  const ports = await choosePorts();
  const values = commonValues(ports, plan);
  const start = new Start(plan, ports, values);
  const stop = () => start.programs.stopAll(ENDS);
  const superuser = `postgres://postgres:${values.SUPERUSER_PASSWORD}@${HOST}:${ports.database}`;
  const poolerPassword = newSecret();
  const pooler = `postgres://pgbouncer:${poolerPassword}@${HOST}:${ports.pooler}/pgbouncer`;
  try {
    await start.startDatabase();
    const statements = fillTemplate(readDeploy('role.sql'), values)
      .replace(/^--.*$/gm, '')
      .split(';');
    await until(30, 'HAProxy', () => leadsToPrimary(`${superuser}/postgres`));
    for (const statement of statements.filter((text) => text.trim() !== ''))
      await runOnce(`${superuser}/postgres`, statement);
    plan.say('PgBouncer');
    start.startPooler(poolerPassword);
    await until(30, 'PgBouncer', () => runOnce(pooler, 'show version').then(Boolean, () => false));
    await start.startNodes();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    origin: values.URL ?? '',
    issuer: `http://${HOST}:${ports.idp}`,
    members: start.members,
    nodes: start.nodes,
    programs: start.programs,
    apiPassword: values.API_PASSWORD ?? '',
    ports,
    sql: (statement, of) => runOnce(`${superuser}/vestibule`, statement, of),
    async tellPooler(command) {
      await runOnce(pooler, command);
    },
    stop,
  };
}
