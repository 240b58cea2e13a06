/**
 * The commands, options and values that a shell can complete, read from the parser's own tree of commands. So a new
 * option is completed the day it is declared. Data only; writes no shell code.
 */
import type { Argument, Command, Option } from 'commander';

/** Says what may stand for a value: words of a list, the name of a file, or a text that only the person knows. */
export type Value = { readonly words: readonly string[] } | 'file' | 'text';

export interface CompletedOption {
  /** For example `--role`. */
  readonly name: string;
  readonly about: string;
  /** Undefined for an option without a value. */
  readonly value: Value | undefined;
  readonly isRepeatable: boolean;
}

export interface CompletedArgument {
  readonly name: string;
  readonly value: Value;
}

export interface CompletedCommand {
  /** Its words after `vestibule`, for example `guard sweep plan`; empty for `vestibule` itself. */
  readonly words: string;
  readonly commands: readonly { readonly name: string; readonly about: string }[];
  readonly options: readonly CompletedOption[];
  readonly arguments: readonly CompletedArgument[];
}

/** Placeholders that stand for a file in the usage lines, as in `--claims <file>`. */
const FILES = /<(file|plan)>/;

function toValue(placeholder: string, choices: readonly string[] | undefined): Value {
  if (choices !== undefined) return { words: choices };
  return FILES.test(placeholder) ? 'file' : 'text';
}

function toOption(option: Option): CompletedOption {
  return {
    name: option.long ?? option.flags,
    about: option.description,
    value: option.required || option.optional ? toValue(option.flags, option.argChoices) : undefined,
    isRepeatable: /\brepeat/.test(option.description),
  };
}

function toArgument(argument: Argument): CompletedArgument {
  return { name: argument.name(), value: toValue(`<${argument.name()}>`, argument.argChoices) };
}

/** Lists `command` and all commands below it. `common` are options of every command, beside its own. */
export function listCommands(
  command: Command,
  common: readonly CompletedOption[],
  words: readonly string[] = [],
): readonly CompletedCommand[] {
  const help = command.createHelp();
  const own = help.visibleOptions(command).map(toOption);
  const one: CompletedCommand = {
    words: words.join(' '),
    commands: command.commands.map((below) => ({ name: below.name(), about: help.subcommandDescription(below) })),
    options: [...own, ...common],
    arguments: command.registeredArguments.map(toArgument),
  };
  return [one, ...command.commands.flatMap((below) => listCommands(below, common, [...words, below.name()]))];
}
