/** Options and help of `vestibule rollout move-seat`. Does not load the code that does the work. */
import type { Command } from 'commander';
import type { TenantOptions } from './tenant-access.js';

export interface MoveSeatOptions extends TenantOptions {
  readonly organization?: string;
  readonly connection?: string;
  readonly subject?: string;
  readonly byAddress?: boolean;
  readonly user?: string;
  readonly absorb?: string;
  readonly plan?: string;
  readonly dryRun?: boolean;
  readonly rollback?: boolean;
  readonly endNew?: boolean;
  readonly json?: boolean;
}

const HELP = `
For a person who comes with a new subject and the old address, since the
company's IT made their account again. The login log names the command for them.
Be sure that it is the same person: a new hire may have got the address.

Examples:
  $ vestibule rollout move-seat rita@acme.example --organization acme \\
      --connection acme-okta --subject 00u7f --dry-run
  $ vestibule rollout move-seat --rollback --plan seat-rita@acme.example.jsonl`;

/** Adds arguments, options and help to the command `move-seat`. */
export function describeMoveSeat(command: Command): Command {
  return command
    .description('binds one person’s membership to the account that IT made again')
    .argument('[address]', 'the person; not needed for --rollback')
    .option('--organization <name>', 'organization (name or id) of the membership')
    .option('--connection <name>', 'enterprise connection where it is bound')
    .option('--subject <subject>', 'of the new account')
    .option('--by-address', 'first sign-in that confirms the address, instead')
    .option('--user <id>', 'whose membership, where several have the address')
    .option('--absorb <id>', 'second account of the person, to take in')
    .option('--plan <file>', 'plan and journal, else seat-ADDRESS.jsonl')
    .option('--dry-run', 'say what would be done; changes nothing')
    .option('--rollback', 'put the old account back as it was')
    .option('--end-new', 'also where the new account has signed in since')
    .addHelpText('after', HELP);
}
