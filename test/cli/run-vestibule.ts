/** Runs the `vestibule` command of this checkout as a real child process, with an environment of its own. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { COMPILED } from '../support/compiled.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The run without the lines of progress that work of more than a few seconds notes, on a busy machine or with many people. */
export function withoutProgress(run: Run): Run {
  const progress = /^\d+( of \d+)? people( read)?(, [\d.]+ a second(, .+ left)?)?\n/gm;
  return { ...run, stderr: run.stderr.replace(progress, '') };
}

/** `env` is all the child sees, besides what Node itself needs; `input` is its standard input. */
export function runVestibule(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  input: string = '',
): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...COMPILED, ...args], {
      cwd: root,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    });
    child.stdin.end(input);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString('utf8');
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString('utf8');
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
