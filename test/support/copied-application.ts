/** Runs the ready code of the console in a process of its own, as its reader would: copied as it stands, with its secrets in the environment. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A folder from which the packages of this repository are found. */
const COPIES = fileURLToPath(new URL('../../artifacts/', import.meta.url));

/** Runs a program that was copied from a page, as its reader would. */
export async function runCopied(code: string, environment: Readonly<Record<string, string>>) {
  mkdirSync(COPIES, { recursive: true });
  const folder = mkdtempSync(join(COPIES, 'copied-'));
  writeFileSync(join(folder, 'server.mjs'), code);
  const child = spawn(process.execPath, [join(folder, 'server.mjs')], { env: { ...process.env, ...environment } });
  let said = '';
  child.stderr.on('data', (data) => {
    said += String(data);
  });
  return {
    /** Visits as soon as the program listens; rejects with its complaints where it ended. */
    async firstVisit<T>(visit: () => Promise<T>): Promise<T> {
      for (;;) {
        if (child.exitCode !== null) throw new Error(`the program ended: ${said}`);
        const answer = await visit().catch(() => undefined);
        if (answer !== undefined) return answer;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    stop() {
      child.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
