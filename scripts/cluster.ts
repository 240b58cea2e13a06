/**
 * `npm run cluster`: the server as a company with a million people has it, on this machine alone: three PostgreSQL under
 * Patroni with three etcd, PgBouncer, HAProxy, three nodes; people sign in all the time. Prints the addresses, and takes
 * commands: kill the primary, and watch. Ctrl-C stops everything. `-- --rehearse` plays all failures, and writes the
 * table of docs/reliability.md; `npm run upgrade-rehearsal` does so with an upgrade. docs/guides/cluster.md explains it. Listens on 127.0.0.1 only; writes below `--folder`
 * only.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { agent } from '../bench/load-driver.mjs';
import { firstLine, startProgram, stopProgram } from '../bench/processes.js';
import { setUp } from '../bench/setup.js';
import { CASES } from './cluster/cases.js';
import { talk } from './cluster/console.js';
import type { Place } from './cluster/load.js';
import { findOlder, installServer, type Server } from './cluster/older.js';
import { killAll, listProcesses } from './cluster/programs.js';
import { type Options, rehearse } from './cluster/rehearse.js';
import { type Cluster, startCluster } from './cluster/start.js';
import { findTools, INSTALL, installPatroni, readVersions, type Tools } from './cluster/tools.js';
import { upgradeCases } from './cluster/upgrade.js';
import { onInterrupt } from './kept-run.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const USAGE = `npm run cluster [-- --rehearse [--only CASE]...] [--rate N] [--package FILE] [--folder DIRECTORY]
npm run upgrade-rehearsal -- VERSION [--rate N] [--package FILE] [--folder DIRECTORY]

  --rehearse       plays these cases under load: ${CASES.map(({ name }) => name).join(', ')}
  --only CASE      plays this case, and writes no table
  --rate N         logins a second: 2, or 15 in a rehearsal
  --upgrade-from VERSION
                   starts with the older server (a package, a tag or a commit), and replaces it node by node under load
  --package FILE   serves from this package (npm pack), in place of the build of this checkout
  --folder DIR     holds Patroni, the data and the logs (default: vestibule-cluster in the system's temporary directory)`;

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        help: { type: 'boolean', default: false },
        rehearse: { type: 'boolean', default: false },
        only: { type: 'string', multiple: true, default: [] },
        'upgrade-from': { type: 'string' },
        rate: { type: 'string' },
        package: { type: 'string' },
        folder: { type: 'string', default: join(tmpdir(), 'vestibule-cluster') },
      },
    });
    const older = values['upgrade-from'];
    if (older !== undefined && values.rehearse) throw new Error('--rehearse and --upgrade-from exclude each other');
    const rate = Number(values.rate ?? (values.rehearse ? 15 : older === undefined ? 2 : 6));
    const unknown = values.only.filter((name) => !CASES.some((one) => one.name === name));
    if (unknown.length > 0) throw new Error(`there is no case ${unknown[0]}`);
    if (values.only.length > 0 && !values.rehearse) throw new Error('--only needs --rehearse');
    if (!(rate > 0 && rate <= 200)) throw new Error('--rate takes a number from 1 to 200');
    return { ...values, older, rate };
  } catch (error) {
    fail(`${(error as Error).message}\n${USAGE}`);
  }
}

function fail(text: string): never {
  process.stderr.write(`${text}\n`);
  process.exit(2);
}

function getTools(): Tools {
  const tools = findTools();
  if (!('length' in tools)) return tools;
  return fail(`The cluster needs ${tools.join(', ')}. On Debian or Ubuntu, as root:\n${INSTALL}`);
}

/** Makes the folders, and ends what a killed run has left in them. Refuses a folder that is in use. */
async function makeFolders(base: string): Promise<{ readonly data: string; readonly logs: string }> {
  const folders = { data: join(base, 'run'), logs: join(base, 'logs') };
  const mark = join(base, 'pid');
  const former = existsSync(mark) ? Number(readFileSync(mark, 'utf8')) : 0;
  if (former > 0 && existsSync(`/proc/${former}`) && listProcesses(folders.data).length > 0)
    fail(`A cluster runs there already: ${base} (process ${former}). Stop it, or name another --folder.`);
  await killAll(folders.data);
  for (const folder of Object.values(folders)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true, mode: 0o755 });
  }
  writeFileSync(mark, String(process.pid));
  return folders;
}

/** Returns the server of this version: of the package, or of this checkout. */
async function findServer(base: string, tarball: string | undefined): Promise<Server> {
  if (tarball === undefined) return { title: 'this checkout', main: `${ROOT}dist/main.js` };
  return installServer(resolve(tarball), join(base, 'package'));
}

/** Creates the tenant for the people of the load. */
async function makePlace({ origin, issuer }: Cluster): Promise<Place> {
  const saml = startProgram(process.execPath, ['--import', 'tsx', `${ROOT}bench/saml-idp.ts`], {});
  try {
    return { origin, tenant: await setUp(origin, issuer, await firstLine(saml)) };
  } finally {
    await stopProgram(saml);
  }
}

/** Returns the rehearsal that was asked for: the failures, or the upgrade. */
function chooseRehearsal(
  { rehearse: isWanted, only }: Pick<ReturnType<typeof readOptions>, 'rehearse' | 'only'>,
  older: Server | undefined,
  newer: Server,
): Pick<Options, 'cases' | 'table' | 'locks'> | undefined {
  if (older !== undefined) return { cases: upgradeCases(older, newer), table: 'upgrade', locks: true };
  if (!isWanted) return undefined;
  const cases = CASES.filter(({ name }) => only.length === 0 || only.includes(name));
  return { cases, table: only.length === 0 ? 'cluster' : undefined, locks: false };
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options.help) return console.log(USAGE);
  const tools = getTools();
  const say = (text: string) => process.stderr.write(`… ${text}\n`);
  const base = resolve(options.folder);
  const { data, logs } = await makeFolders(base);
  const end = () => rmSync(data, { recursive: true, force: true });
  let cluster: Cluster | undefined;
  onInterrupt(() => {
    say('stopping');
    void (cluster?.stop() ?? killAll(data)).then(() => {
      end();
      process.exit(130);
    });
  });
  try {
    say(`Patroni, from PyPI, in ${base}`);
    const patroni = await installPatroni(join(base, 'patroni'), tools);
    const newer = await findServer(base, options.package);
    if (options.older) say(`the package of ${options.older}, which may take some minutes`);
    const older = options.older === undefined ? undefined : await findOlder(options.older, join(base, 'older'));
    const { main } = older ?? newer;
    cluster = await startCluster({ tools, patroni, folder: data, logs, main, canCut: options.rehearse, say });
    const place = await makePlace(cluster);
    const chosen = chooseRehearsal(options, older, newer);
    const isWell = chosen
      ? await rehearse(cluster, place, { ...chosen, rate: options.rate, versions: await readVersions(tools, patroni) })
      : await talk(cluster, place, options.rate, logs);
    process.exitCode = isWell ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\nThe logs: ${logs}\n`);
    process.exitCode = 1;
  } finally {
    say('stopping');
    await (cluster?.stop() ?? killAll(data));
    end();
    await agent.close();
  }
}

await main();
