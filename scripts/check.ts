/**
 * `npm run check`: runs every check of CI, two at a time, with a line for each, and prints the output of a failed one.
 * `-- --no-tests` leaves the tests out, for a machine that has just run them. `npm run check:fast` is for the time of
 * writing: types, import rules, style and the tests of the rules. Changes no file.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

interface Check {
  readonly name: string;
  readonly command: string;
  readonly mend: string;
}

/** Runs before all others: the types of the console are made from the document that the server serves. */
const API_TYPES: Check = {
  name: 'API types',
  command: 'tsx scripts/console-types.ts',
  mend: 'a schema of an answer or a request cannot be printed: npx tsx scripts/console-types.ts',
};

const QUICK: readonly Check[] = [
  { name: 'types', command: 'tsc -p tsconfig.json', mend: 'npx tsc -p tsconfig.json' },
  { name: 'console', command: 'tsc -p src/console/tsconfig.json', mend: 'npx tsc -p src/console/tsconfig.json' },
  {
    name: 'example',
    command: 'tsc -p examples/organization-settings/tsconfig.json',
    mend: 'npx tsc -p examples/organization-settings/tsconfig.json',
  },
  {
    name: 'import rule',
    command: 'depcruise src demo test bench scripts --config .dependency-cruiser.cjs',
    mend: 'docs/ARCHITECTURE.md says who may import whom',
  },
  { name: 'style', command: 'biome check --error-on-warnings .', mend: 'npx biome check --write .' },
  { name: 'dead code', command: 'knip', mend: 'remove it, or use it' },
  {
    name: 'patterns',
    command: 'tsx scripts/patterns.ts',
    mend: 'rewrite the pattern so that one place of the text can match in one way only, or take it out: src/kernel/text.ts; a new safe one: npx tsx scripts/patterns.ts --write',
  },
  {
    name: 'prose',
    command: 'tsx scripts/prose.ts',
    mend: 'the glossary of CONTRIBUTING.md; `npx tsx scripts/prose.ts FILE` shows all findings of a file',
  },
  {
    name: 'migrations',
    command: 'squawk sql/*.sql',
    mend: 'a statement would hold up sign-ins on a full table: CONTRIBUTING.md, "A migration"',
  },
  { name: 'commits', command: 'tsx scripts/commits.ts', mend: 'git commit --amend, or git rebase -i' },
];

/** One of the tests, beside the other quick checks: it says what to tidy up before the long wait. */
const TIDY: Check = { name: 'tidy', command: 'vitest run test/tidy.test.ts', mend: 'each failure says how' };

const PURE_TESTS: Check = {
  name: 'pure tests',
  command: 'vitest run --project pure',
  mend: 'npx vitest run <file> for one of them',
};

const FAST: readonly Check[] = [
  ...QUICK.filter(({ name }) => ['types', 'console', 'example', 'import rule', 'style'].includes(name)),
  PURE_TESTS,
];

const TESTS: Check = {
  name: 'tests',
  command: 'vitest run --exclude test/tidy.test.ts',
  mend: 'npx vitest run <file> for one of them; npm test runs the short ones',
};

interface Outcome {
  readonly check: Check;
  readonly ok: boolean;
  readonly output: string;
  readonly seconds: number;
}

const root = fileURLToPath(new URL('..', import.meta.url));

function run(check: Check): Promise<Outcome> {
  const started = performance.now();
  return new Promise((resolve) => {
    const [program = '', ...rest] = check.command.split(' ');
    const child = spawn(`${root}node_modules/.bin/${program}`, rest, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk.toString('utf8');
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => {
      output += `${error.message} (npm ci installs what is missing)`;
    });
    child.on('close', (code) => {
      resolve({ check, ok: code === 0, output, seconds: (performance.now() - started) / 1000 });
    });
  });
}

function report({ check, ok, output, seconds }: Outcome): void {
  console.log(`${ok ? 'ok    ' : 'FAILED'}  ${check.name.padEnd(12)} ${seconds.toFixed(1).padStart(6)} s`);
  if (!ok) console.log(`${output.trimEnd().replace(/^/gm, '    ')}\n    -> ${check.mend}`);
}

async function runAll(checks: readonly Check[], atOnce: number): Promise<readonly Outcome[]> {
  const waiting = [...checks];
  const outcomes: Outcome[] = [];
  const worker = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const outcome = await run(check);
      report(outcome);
      outcomes.push(outcome);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return outcomes;
}

const isFast = process.argv.includes('--fast');
const withTests = !isFast && !process.argv.includes('--no-tests');
const fullCheck = withTests ? [...QUICK, TIDY] : QUICK;
const outcomes = [
  ...(await runAll([API_TYPES], 1)),
  ...(await runAll(isFast ? FAST : fullCheck, 2)),
  ...(withTests ? await runAll([TESTS], 1) : []),
];
const failed = outcomes.filter((outcome) => !outcome.ok).map((outcome) => outcome.check.name);
console.log(
  failed.length === 0
    ? `All ${outcomes.length} checks passed.`
    : `${failed.length} of ${outcomes.length} checks failed: ${failed.join(', ')}.`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
