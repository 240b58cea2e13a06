/** A server in a process of its own, to be killed: runs one post-login Action and prints the first line that it printed. */
import { createActionRunner } from '../../../src/actions/runner/runner.js';
import { systemClock } from '../../../src/kernel/clock.js';
import { EVENT, toProgram } from './support.js';

const log = { debug: () => {}, info: () => {}, warn: () => {} };
const runner = createActionRunner({
  origin: 'http://127.0.0.1:1',
  outboundAllow: [],
  denied: [],
  log,
  clock: systemClock,
});
const program = toProgram('post-login', process.argv[2] ?? '');
const read = { program, organizationId: undefined, event: EVENT, from: 0, resume: false, effects: [] };
void runner.run(read);
// The line is in the report, which comes with the end; the process itself is found by its account and parent.
const { execFileSync } = await import('node:child_process');
for (let found = ''; found === ''; await new Promise((resolve) => setTimeout(resolve, 50))) {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,time=,args=']).toString().split('\n');
  const row = rows.find(
    (line) => line.includes('max-old-space-size') && Number(line.trim().split(/\s+/)[1]) === process.pid,
  );
  found = row?.trim().split(/\s+/)[0] ?? '';
  if (found === '') continue;
  await new Promise((resolve) => setTimeout(resolve, 800));
  process.stdout.write(found);
}
setInterval(() => {}, 1_000);
