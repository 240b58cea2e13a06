/** The command line's reference, made of what each command answers to `--help`. Starts nothing and asks nobody. */
import { runCommandLine } from '../../src/cli/program.js';
import type { World } from '../../src/cli/world.js';

const INTRODUCTION = `# The command line

Made by \`npx tsx scripts/command-line.ts\` from what each command prints with \`--help\`. The environment: [configuration.md](configuration.md).`;

/** Returns the parts of the world that a command must not touch: each throws `why`. */
export function untouched(why: string) {
  const never = (): never => {
    throw new Error(why);
  };
  return {
    readInput: never,
    startServer: never,
    openKeys: never,
    openOperators: never,
    openActions: never,
    openExaminer: never,
    onHangup: never,
    untilStopped: never,
  };
}

/** What `vestibule …words --help` prints, 100 columns wide. */
async function readHelp(words: readonly string[]): Promise<string> {
  const lines: string[] = [];
  const world: World = {
    env: {},
    out: (line) => lines.push(line),
    note: (line) => {
      throw new Error(line);
    },
    width: 100,
    colourful: false,
    ...untouched('help needs nothing of the world'),
  };
  const code = await runCommandLine([...words, '--help'], world);
  if (code !== 0) throw new Error(`${words.join(' ')} --help ended with ${code}`);
  return lines.join('\n');
}

/** The names below `Commands:` of a help text. */
function findCommands(help: string): readonly string[] {
  const list = help.split('\nCommands:\n')[1]?.split('\n\n')[0] ?? '';
  return [...list.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, name = '']) => name).filter((name) => name !== 'help');
}

async function toSections(words: readonly string[]): Promise<readonly string[]> {
  const help = await readHelp(words);
  const section = `${'#'.repeat(Math.min(words.length + 1, 3))} \`${['vestibule', ...words].join(' ')}\`\n\n\`\`\`text\n${help}\n\`\`\``;
  const below: string[] = [];
  for (const name of findCommands(help)) below.push(...(await toSections([...words, name])));
  return [words.length === 0 ? section.replace(/^# /, '## ') : section, ...below];
}

/** docs/command-line.md as it has to be. */
export async function writeCommandLine(): Promise<string> {
  return `${[INTRODUCTION, ...(await toSections([]))].join('\n\n')}\n`;
}
