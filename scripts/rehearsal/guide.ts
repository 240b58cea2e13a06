/**
 * Reads the guide as its reader does: sections with their shell blocks, and a terminal that keeps variables from block
 * to block.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { Machine, Ran } from './machine.js';

export interface Section {
  /** Title without its number. */
  readonly title: string;
  /** The shell blocks, in order. */
  readonly blocks: readonly string[];
}

/** Returns the sections of the second level that have blocks marked `sh`. */
export function readSections(text: string): readonly Section[] {
  return text
    .split(/^## /m)
    .slice(1)
    .map((part) => ({
      title: (part.split('\n', 1)[0] ?? '').replace(/^\d+\. /, ''),
      blocks: [...part.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = '']) => block),
    }))
    .filter(({ blocks }) => blocks.length > 0);
}

export interface Terminal {
  /** Runs a block. A failing command ends the block, and the terminal with it. */
  run(block: string): Promise<Ran>;
  close(): void;
}

/** Opens a root shell in the machine. `-e`, because a reader stops at the first command that fails. */
export function openTerminal({ shell }: Pick<Machine, 'shell'>): Terminal {
  const child = spawn(shell[0], [...shell.slice(1), '-e', '-o', 'pipefail'], { stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  let wake = () => {};
  let code: number | undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += String(chunk);
      wake();
    });
  }
  child.on('close', (status) => {
    code = status ?? 1;
    wake();
  });
  child.stdin.on('error', () => {});
  child.stdin.write('exec 2>&1\ncd /root\n');
  return {
    async run(block) {
      const end = `done-${randomBytes(8).toString('hex')}`;
      output = '';
      // Runs the block in this shell, not in a subshell, so that variables stay. Standard input is empty, so that no
      // command reads the rest of the guide from it.
      child.stdin.write(`{\n${block}\n} </dev/null\necho ${end}\n`);
      while (!output.includes(end) && code === undefined) await new Promise<void>((resolve) => (wake = resolve));
      return { code: code ?? 0, output: output.replace(`${end}\n`, '') };
    },
    close: () => child.stdin.end(),
  };
}
