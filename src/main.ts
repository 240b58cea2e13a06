#!/usr/bin/env node
/**
 * The `vestibule` command. The only file that touches `process`: it hands arguments, environment, outputs and signals to the
 * command line, and the server of compose/server.ts (loaded when `serve` asks for it, so that `--help` does not wait for it).
 */
import cluster from 'node:cluster';
import { text } from 'node:stream/consumers';
import { runCommandLine } from './cli/program.js';
import { PRIMARY_VARIABLE, type World } from './cli/world.js';
import { isColourful } from './terminal/colours.js';

/** Wider lines are hard to read, narrower ones than 60 cannot hold a table. */
const width = Math.min(100, Math.max(60, process.stdout.columns ?? 80));

/** Time between the end of a command and the end of its process, for output that is not written yet. */
const LINGER_MS = 500;

const isWorker = cluster.isWorker && process.env[PRIMARY_VARIABLE] === String(process.ppid);

const world: World = {
  env: process.env,
  out: (line) => {
    process.stdout.write(`${line}\n`);
  },
  note: (line) => {
    process.stderr.write(`${line}\n`);
  },
  ...(process.stderr.isTTY && {
    showLine: (line: string) => {
      process.stderr.write(`\r\u001b[K${line.slice(0, width - 1)}`);
    },
  }),
  width,
  colourful: isColourful(process.env, process.stdout.isTTY === true),
  colourfulNotes: isColourful(process.env, process.stderr.isTTY === true),
  readInput: () => text(process.stdin),
  startServer: async (config, { double, workers, signal }) => {
    if (workers > 1) return (await import('./compose/workers/primary.js')).startWorkers(config, workers, signal);
    const { startServer } = await import('./compose/server.js');
    const decorator = double && (await import('./compose/double.js')).rehearsalTenant(double);
    return startServer(config, { decorator, signal });
  },
  openKeys: async (config) => (await import('./compose/keys.js')).openKeys(config),
  openOperators: async (config) => (await import('./compose/operators.js')).openOperators(config),
  openActions: async (config) => (await import('./compose/action-keeper.js')).openActionKeeper(config),
  openExaminer: async (config) => (await import('./compose/doctor/doctor.js')).openExaminer(config),
  onHangup: (reload) => {
    if (!process.stdout.isTTY) process.on('SIGHUP', reload);
  },
  untilStopped: () =>
    new Promise((resolve) => {
      let asked = false;
      const stop = (): void => {
        // An operator who asks twice does not want to wait for current requests.
        if (asked) process.exit(130);
        asked = true;
        resolve();
      };
      process.on('SIGINT', stop);
      process.on('SIGTERM', stop);
    }),
  // Its own signals and messages, instead of those of a process that was started by hand.
  ...(isWorker && (await import('./compose/workers/worker.js')).openWorker()),
};

// `vestibule … | head` closes the pipe early: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await runCommandLine(process.argv.slice(2), world);
// Work that was given up at the stop (a mail, a hanging connection) would keep the process; it is waited for no longer.
setTimeout(() => process.exit(), LINGER_MS).unref();
