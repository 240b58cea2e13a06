/** `vestibule completion`: prints the script that completes commands in bash, zsh or fish. Reads and writes nothing. */
import { Argument, type Command } from 'commander';
import { EXIT, type ExitCode } from '../../terminal/exit.js';
import type { Terminal } from '../../terminal/terminal.js';
import { writeBash } from './bash.js';
import { writeFish } from './fish.js';
import { type CompletedCommand, type CompletedOption, listCommands } from './tree.js';
import { writeZsh } from './zsh.js';

const WRITERS: Readonly<Record<string, (commands: readonly CompletedCommand[]) => string>> = {
  bash: writeBash,
  zsh: writeZsh,
  fish: writeFish,
};

/** Options of every command that no command declares (program.ts). */
const EVERYWHERE: readonly CompletedOption[] = [
  { name: '--no-color', about: 'print without colours', value: undefined, isRepeatable: false },
];

const EXAMPLES = `
Completes commands, options, their values and files. Starts nothing at a TAB.

Examples, for the shell's own start file:
  $ source <(vestibule completion bash)   # ~/.bashrc
  $ source <(vestibule completion zsh)    # ~/.zshrc, after compinit
  $ vestibule completion fish | source    # ~/.config/fish/config.fish`;

/** Adds `completion` to `program`, whose other commands are there already. */
export function addCompletion(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  program
    .command('completion')
    .description('prints the completion script of your shell')
    .addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(WRITERS)))
    .addHelpText('after', EXAMPLES)
    .action((shell: string) => {
      for (const line of (WRITERS[shell] ?? writeBash)(listCommands(program, EVERYWHERE)).split('\n'))
        terminal.out(line);
      finish(EXIT.done);
    });
}
