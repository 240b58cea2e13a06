/** `vestibule guard`: for tenants that stay on Auth0, and for authors of Actions. Has names and options; other files do the work. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { SDK_MAJORS } from '../actions/lint/sdk/sdk-major.js';
import { TRIGGERS } from '../actions/lint/triggers.js';
import type { ExitCode } from './exit.js';
import { type GuardCheckOptions, guardCheck } from './guard-check.js';
import type { World } from './world.js';

const CHECK_EXAMPLES = `
Ends with 0 if nothing was found, with 1 if something was. Never runs the code.
Every finding is explained in docs/guard.md.

Examples:
  $ vestibule guard check action.js --trigger post-login
  $ vestibule guard check - --auth0-sdk 7 --json < action.js`;

function parseTrigger(id: string): string {
  if (TRIGGERS.some((trigger) => trigger.id === id)) return id;
  throw new InvalidArgumentError(`It takes one of ${TRIGGERS.map((trigger) => trigger.id).join(', ')}.`);
}

/** Adds `guard` and its sub-commands to `program`. */
export function addGuard(program: Command, world: World, finish: (code: ExitCode) => void): void {
  const guard = program
    .command('guard')
    .description('Actions: says what is wrong with the code of one')
    .helpCommand(false);
  guard
    .command('check')
    .description('what is wrong with the code of an Action, and how to mend it')
    .argument('<file>', 'JavaScript file; - reads standard input')
    .option('--trigger <id>', 'trigger it is for, else its handler decides', parseTrigger)
    .addOption(
      new Option('--auth0-sdk <major>', 'of the auth0 package it loads').choices(SDK_MAJORS.map(String)).default('4'),
    )
    .option('--json', 'machine output')
    .addHelpText('after', CHECK_EXAMPLES)
    .action(async (file: string, options: GuardCheckOptions) => finish(await guardCheck(file, options, world)));
}
