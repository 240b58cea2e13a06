/**
 * Guesses what a mistyped command line meant: names of commands, options, and values from a list. Returns texts; prints
 * and runs nothing.
 */
import type { Command, CommanderError } from 'commander';
import { findNearestAll } from '../kernel/similar-names.js';

/** The command that a command line names. */
export interface NamedCommand {
  readonly command: Command;
  /** Its words, from `vestibule` on. */
  readonly path: string;
  /** The first word that names no command. */
  readonly unknown: string | undefined;
}

/** Finds the command that `argv` names, and the first word that names no command. */
export function findCommand(program: Command, argv: readonly string[]): NamedCommand {
  let command = program;
  const path = [program.name()];
  for (const word of argv) {
    // Skips only the option itself: options of commands with sub-commands take no values.
    if (command.commands.length === 0) break;
    if (word.startsWith('-')) continue;
    const next = command.commands.find((one) => one.name() === word);
    if (next === undefined) return { command, path: path.join(' '), unknown: word };
    command = next;
    path.push(word);
  }
  return { command, path: path.join(' '), unknown: undefined };
}

/**
 * Finds names that begin with `name` or have it between hyphens. If there are none, finds names that differ from it in
 * 1 to 3 letters, more for a longer name.
 */
function findMeant(name: string, names: readonly string[]): readonly string[] {
  const begun = name.length > 1 ? names.filter((one) => one.startsWith(name) || one.split('-').includes(name)) : [];
  if (begun.length > 0) return begun;
  return findNearestAll(name, names, Math.min(3, Math.max(1, Math.floor((name.length * 2) / 5))));
}

/** Lists the commands below `command` by their last word, each with its words from `command` on. */
function listBelow(command: Command, before: readonly string[] = []): readonly (readonly [string, string])[] {
  return command.commands.flatMap((one) => {
    const words = [...before, one.name()];
    return [[one.name(), words.join(' ')] as const, ...listBelow(one, words)];
  });
}

/** Finds commands that `word` may mean: beside the known ones, else further down (`install` is `guard install`). */
function findCommands(word: string, command: Command): readonly string[] {
  const beside = findMeant(
    word,
    command.commands.map((one) => one.name()),
  );
  if (beside.length > 0) return beside;
  return listBelow(command)
    .filter(([name]) => name === word)
    .map(([, words]) => words);
}

/** Finds what the first option that `command` does not have may mean. */
function findOptions(argv: readonly string[], command: Command): readonly string[] {
  const known = command
    .createHelp()
    .visibleOptions(command)
    .flatMap((option) => option.long ?? []);
  const end = argv.indexOf('--');
  const given = (end === -1 ? argv : argv.slice(0, end)).map((word) => word.split('=', 1)[0] ?? '');
  const wrong = given.find((word) => word.startsWith('--') && !known.includes(word));
  if (wrong === undefined) return [];
  const names = known.map((name) => name.slice(2));
  return findMeant(wrong.slice(2), names).map((name) => `--${name}`);
}

/** Finds what a value that is not in the list of its option or argument may mean. */
function findValues(message: string, command: Command): readonly string[] {
  const [, value] = /(?:argument|value) '([^']*)' is invalid/.exec(message) ?? [];
  if (value === undefined) return [];
  const option = command.options.find(({ flags }) => message.includes(`option '${flags}'`));
  const argument = command.registeredArguments.find((one) => message.includes(`argument '${one.name()}'`));
  return findMeant(value, option?.argChoices ?? argument?.argChoices ?? []);
}

/** Ends a question with the names that were probably meant; '' if there are none, or too many to help. */
function ask(names: readonly string[]): string {
  if (names.length === 0 || names.length > 3) return '';
  return `Did you mean ${names.map((name) => `'${name}'`).join(' or ')}? `;
}

/** Asks "did you mean" about a word that names no command; '' if nothing resembles it. Ends with a space. */
export function askAboutCommand({ command, unknown = '' }: NamedCommand): string {
  return ask(findCommands(unknown, command));
}

/** Asks "did you mean" about an error of the parser; '' if nothing resembles what was typed. Ends with a space. */
export function askAboutError(error: CommanderError, { command }: NamedCommand, argv: readonly string[]): string {
  if (error.code === 'commander.invalidArgument') return ask(findValues(error.message, command));
  // A mistyped option that is needed is reported as missing.
  const isOption = ['commander.unknownOption', 'commander.missingMandatoryOptionValue'].includes(error.code);
  return isOption ? ask(findOptions(argv, command)) : '';
}
