/**
 * `npm run mutants [-- --only TEXT …] [--committed] [--fresh]`: puts the seeded faults of scripts/mutants/ one by one
 * into a copy of this tree, runs the tests named for each, and prints the test that caught it. Exits with 0 if every
 * fault was caught. Exits with 1 if a fault was not caught, or does not fit into its file. A fault keeps its result
 * (artifacts/mutants.json) while its source and tests stay the same, so an interrupted run can continue. Never changes
 * the tree itself.
 */
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startBundledPostgres } from '../src/storage/bundled/start.js';
import { silentLog } from '../src/storage/database/log.js';
import { onInterrupt } from './kept-run.js';
import { ACTION_MUTANTS } from './mutants/actions.js';
import { BOUND_MUTANTS } from './mutants/bounds.js';
import { CLIENT_KEY_MUTANTS } from './mutants/client-keys.js';
import { COMPANY_MUTANTS } from './mutants/companies.js';
import { CONSOLE_MUTANTS } from './mutants/console.js';
import { CONTAINER_MUTANTS } from './mutants/containers.js';
import { CROWD_MUTANTS } from './mutants/crowds.js';
import { CUSTOMER_MUTANTS } from './mutants/customers.js';
import { DATABASE_MUTANTS } from './mutants/database.js';
import { DOCTOR_MUTANTS } from './mutants/doctor.js';
import { DOMAIN_MUTANTS } from './mutants/domains.js';
import { DOUBLE_MUTANTS } from './mutants/double.js';
import { ENDING_MUTANTS } from './mutants/endings.js';
import { EXPORT_MUTANTS } from './mutants/exports.js';
import { FACTOR_MUTANTS } from './mutants/factors.js';
import { FOREIGN_HASH_MUTANTS } from './mutants/foreign-hashes.js';
import { GUARD_MUTANTS } from './mutants/guard.js';
import { HTTP_MUTANTS } from './mutants/http.js';
import { LEAK_MUTANTS } from './mutants/leaks.js';
import { LIMIT_MUTANTS } from './mutants/limits.js';
import { LOG_STREAM_MUTANTS } from './mutants/log-streams.js';
import { LOGIN_MUTANTS } from './mutants/login.js';
import { MAIL_MUTANTS } from './mutants/mail.js';
import type { Mutant } from './mutants/mutant.js';
import { MY_ORGANIZATION_MUTANTS } from './mutants/my-organization.js';
import { OPERATOR_MUTANTS } from './mutants/operators.js';
import { PASSWORD_MUTANTS } from './mutants/passwords.js';
import { PEOPLE_MUTANTS } from './mutants/people.js';
import { PLANTED_MUTANTS } from './mutants/planted.js';
import { PROCESS_MUTANTS } from './mutants/process.js';
import { PROTOCOL_MUTANTS } from './mutants/protocol.js';
import { READY_CODE_MUTANTS } from './mutants/ready-code.js';
import { RIGHT_MUTANTS } from './mutants/rights.js';
import { ROLLOUT_MUTANTS } from './mutants/rollout.js';
import { SAML_MUTANTS } from './mutants/saml.js';
import { SAML_CONNECTOR_MUTANTS } from './mutants/saml-connector.js';
import { SAML_LOGOUT_MUTANTS } from './mutants/saml-logout.js';
import { SCIM_MUTANTS } from './mutants/scim.js';
import { SEARCH_MUTANTS } from './mutants/searches.js';
import { SETUP_MUTANTS } from './mutants/setup.js';
import { STOP_FACTOR_MUTANTS } from './mutants/stop-factor.js';
import { STORE_MUTANTS } from './mutants/store.js';
import { TRUST_MUTANTS } from './mutants/trust.js';
import { WORD_MUTANTS } from './mutants/words.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const KEPT = join(ROOT, 'artifacts', 'mutants.json');
const COPIED = [
  'src',
  'test',
  'sql',
  'docs',
  'deploy',
  'demo',
  'bench',
  'scripts',
  '.gitignore',
  '.dockerignore',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'vitest.config.ts',
];
const LIMIT_MS = 300_000;
/** Reported if a test ran out of time, which a busy machine causes regardless of the fault. */
const SLOW = 'a test ran out of time: try again on a quieter machine';
/** Reported if a test file cannot begin: that proves nothing about the fault, because the copy itself may be broken. */
const NOT_RUN = 'not run:';
const PATIENCE = ['--testTimeout', '90000', '--hookTimeout', '180000'];

type Result = { readonly caught: true; readonly by: string } | { readonly caught: false; readonly why: string };

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    committed: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
  },
});
const say = (line: string) => void process.stdout.write(`${line}\n`);

function makeCopy(): string {
  const copy = mkdtempSync(join(tmpdir(), 'vestibule-mutants-'));
  chmodSync(copy, 0o711);
  if (options.committed) execFileSync('sh', ['-c', `git -C '${ROOT}' archive HEAD | tar -x -C '${copy}'`]);
  else for (const name of COPIED) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

function filesBelow(path: string): string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).flatMap((name) => filesBelow(join(path, name)));
}

/** Returns a digest of everything that a result depends on: the fault, its file, and its tests. */
function keyOf(copy: string, mutant: Mutant): string {
  const hash = createHash('sha256').update(JSON.stringify(mutant));
  for (const name of [mutant.file, ...mutant.tests])
    for (const file of filesBelow(join(copy, name))) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 24);
}

/** Returns the changed source, or the reason why the fault does not fit into it. */
function mutate(source: string, { before, after }: Mutant): { source: string } | { why: string } {
  const parts = source.split(before);
  if (parts.length !== 2) return { why: `the text to replace occurs ${parts.length - 1} times` };
  return { source: parts.join(after) };
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

function firstFailure(report: string): string | undefined {
  if (!existsSync(report)) return undefined;
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report;
  for (const file of testResults) {
    const name = file.name.slice(file.name.indexOf('/test/') + 1);
    const failed = file.assertionResults.find((item) => item.status === 'failed');
    const said = `${file.message} ${failed?.failureMessages?.join(' ') ?? ''}`;
    if (/timed out in \d+ms/.test(said)) return SLOW;
    if (failed) return `${name}: ${failed.fullName}`;
    if (file.status === 'failed') return `${NOT_RUN} ${name}: ${file.message.split('\n', 1)[0] ?? ''}`.slice(0, 200);
  }
  return undefined;
}

let running: ReturnType<typeof spawn> | undefined;

async function runTests(copy: string, databaseUrl: string, tests: readonly string[]): Promise<Result> {
  const report = join(copy, 'report.json');
  rmSync(report, { force: true });
  const names = tests.filter((name) => existsSync(join(copy, name)));
  if (names.length === 0) return { caught: false, why: 'none of its test files exists' };
  const vitest = join(copy, 'node_modules', 'vitest', 'vitest.mjs');
  const child = spawn(
    process.execPath,
    [vitest, 'run', '--bail', '1', ...PATIENCE, '--reporter', 'json', '--outputFile', report, ...names],
    {
      cwd: copy,
      stdio: 'ignore',
      env: { ...process.env, TEST_DATABASE_URL: databaseUrl, TEST_REPORT: '' },
    },
  );
  running = child;
  const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearTimeout(timer);
  running = undefined;
  if (code === 0) return { caught: false, why: 'all its tests pass' };
  // A run that was cut off proves neither that a test sees the fault nor that none does.
  if (code === null) return { caught: false, why: `the tests take longer than ${LIMIT_MS / 1000} s` };
  const by = firstFailure(report);
  if (by === undefined) return { caught: false, why: `the tests did not run, the runner ended with ${code}` };
  return by === SLOW || by.startsWith(NOT_RUN) ? { caught: false, why: by } : { caught: true, by };
}

async function tryMutant(copy: string, databaseUrl: string, mutant: Mutant): Promise<Result> {
  const path = join(copy, mutant.file);
  const original = readFileSync(path, 'utf8');
  const changed = mutate(original, mutant);
  if ('why' in changed) return { caught: false, why: changed.why };
  writeFileSync(path, changed.source);
  try {
    return await runTests(copy, databaseUrl, mutant.tests);
  } finally {
    writeFileSync(path, original);
  }
}

function printTable(mutants: readonly Mutant[], results: ReadonlyMap<Mutant, Result>): void {
  say('\n| file | fault | caught by |\n|---|---|---|');
  for (const mutant of mutants) {
    const result = results.get(mutant);
    const by = result === undefined ? 'not tried' : result.caught ? result.by : `**not caught**: ${result.why}`;
    say(
      `| ${mutant.file.replace('src/', '')} | ${mutant.breaks} | ${by.replaceAll('|', '\\|').replace('test/', '')} |`,
    );
  }
}

const all = [
  ...STORE_MUTANTS,
  ...CROWD_MUTANTS,
  ...DATABASE_MUTANTS,
  ...GUARD_MUTANTS,
  ...DOCTOR_MUTANTS,
  ...DOMAIN_MUTANTS,
  ...DOUBLE_MUTANTS,
  ...HTTP_MUTANTS,
  ...LOG_STREAM_MUTANTS,
  ...MAIL_MUTANTS,
  ...MY_ORGANIZATION_MUTANTS,
  ...CUSTOMER_MUTANTS,
  ...LOGIN_MUTANTS,
  ...TRUST_MUTANTS,
  ...COMPANY_MUTANTS,
  ...CONSOLE_MUTANTS,
  ...CONTAINER_MUTANTS,
  ...LEAK_MUTANTS,
  ...LIMIT_MUTANTS,
  ...PEOPLE_MUTANTS,
  ...PLANTED_MUTANTS,
  ...ENDING_MUTANTS,
  ...EXPORT_MUTANTS,
  ...PROCESS_MUTANTS,
  ...PROTOCOL_MUTANTS,
  ...READY_CODE_MUTANTS,
  ...RIGHT_MUTANTS,
  ...CLIENT_KEY_MUTANTS,
  ...OPERATOR_MUTANTS,
  ...ROLLOUT_MUTANTS,
  ...ACTION_MUTANTS,
  ...BOUND_MUTANTS,
  ...FACTOR_MUTANTS,
  ...STOP_FACTOR_MUTANTS,
  ...FOREIGN_HASH_MUTANTS,
  ...PASSWORD_MUTANTS,
  ...WORD_MUTANTS,
  ...SAML_CONNECTOR_MUTANTS,
  ...SAML_LOGOUT_MUTANTS,
  ...SAML_MUTANTS,
  ...SCIM_MUTANTS,
  ...SEARCH_MUTANTS,
  ...SETUP_MUTANTS,
];
const only = options.only;
const mutants =
  only === undefined ? all : all.filter(({ file, breaks }) => only.some((text) => `${file} ${breaks}`.includes(text)));
const kept: Record<string, Result> =
  existsSync(KEPT) && !options.fresh ? (JSON.parse(readFileSync(KEPT, 'utf8')) as Record<string, Result>) : {};
const copy = makeCopy();
const results = new Map<Mutant, Result>();
const open = mutants.filter((mutant) => {
  const known = kept[keyOf(copy, mutant)];
  if (known?.caught) results.set(mutant, known);
  return !known?.caught;
});
say(
  `${mutants.length} seeded faults, ${open.length} to try (the others are known), each with its own tests in a copy of the tree;`,
);
say(
  `about 5 to 20 seconds each on two cores, ${Math.ceil(open.length / 12)} to ${Math.ceil(open.length / 3)} minutes in all. ` +
    'Ctrl-C stops it; what is done is kept, and the same command goes on.',
);
let interrupted = false;
onInterrupt(() => {
  interrupted = true;
  say('stopping; this fault is tried again next time');
  running?.kill('SIGKILL');
});

const dataDir = mkdtempSync(join(tmpdir(), 'vestibule-mutants-db-'));
chmodSync(dataDir, 0o711);
const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '100' };
const server = await startBundledPostgres({ dataDir, log: silentLog, settings });
const started = performance.now();
try {
  for (const [index, mutant] of open.entries()) {
    const result = await tryMutant(copy, server.url, mutant);
    if (interrupted) break;
    results.set(mutant, result);
    kept[keyOf(copy, mutant)] = result;
    mkdirSync(dirname(KEPT), { recursive: true });
    writeFileSync(KEPT, JSON.stringify(kept, null, 1));
    const left = Math.round((((performance.now() - started) / (index + 1)) * (open.length - index - 1)) / 1000);
    const answer = result.caught ? `caught by ${result.by}` : `NOT CAUGHT: ${result.why}`;
    say(`${index + 1}/${open.length}, ${left} s left: ${mutant.file}, ${mutant.breaks}: ${answer}`);
  }
} finally {
  await server.stop();
  for (const directory of [copy, dataDir]) rmSync(directory, { recursive: true, force: true });
}
printTable(mutants, results);
const survivors = mutants.filter((mutant) => results.get(mutant)?.caught === false);
const untried = mutants.length - results.size;
say(
  `\n${results.size - survivors.length} of ${mutants.length} caught, ${survivors.length} not caught, ${untried} not tried`,
);
if (untried > 0) say('Interrupted: the same command goes on with those that were not tried.');
for (const mutant of survivors) say(`again: npm run mutants -- --only '${mutant.breaks}'`);
process.exitCode = survivors.length > 0 || untried > 0 ? 1 : 0;
