/**
 * `vestibule keys`: keys that sign tokens, and data that the secret key seals. Works on the database that the server's
 * environment names, while servers run. Never prints a key.
 */
import type { Command } from 'commander';
import { parseConfig } from '../config/config.js';
import type { KeyKeeper, SealedTally, SigningKeyFact } from '../ports/key-keeper.js';
import { CommandError, EXIT, type ExitCode } from '../terminal/exit.js';
import { formatTable, printJson } from '../terminal/lines.js';
import type { World } from './world.js';

const EXAMPLES = `
Needs the environment of the server (DATABASE_URL or VESTIBULE_DATA_DIR, and
VESTIBULE_SECRET_KEY). The order of the steps: docs/operations.md

Examples:
  $ vestibule keys list
  $ vestibule keys rotate
  $ vestibule keys reseal`;

interface KeysOptions {
  readonly json?: boolean;
}

const toMinute = (date: Date | undefined) =>
  date === undefined ? '' : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

function toWords({ state, until }: SigningKeyFact): string {
  const at = toMinute(until);
  if (state === 'signs') return until === undefined ? 'signs' : `signs until ${at}`;
  if (state === 'published') return `published, signs from ${at}`;
  return state === 'known' ? `signs no more; its tokens are good until ${at}` : 'over; the next rotation takes it away';
}

function printSigningKeys(keys: readonly SigningKeyFact[], world: World): void {
  const rows = keys.map((key) => [key.kid, toMinute(key.createdAt), toWords(key)]);
  for (const line of formatTable(['signing key', 'made', 'state'], rows, world.width)) world.out(line);
}

function sum(facts: readonly SealedTally[], name: 'current' | 'former' | 'lost'): number {
  return facts.reduce((total, fact) => total + fact[name], 0);
}

function printSealed(facts: readonly SealedTally[], world: World): void {
  const rows = facts.map((fact) => [
    `${fact.table}.${fact.column}`,
    ...[fact.current, fact.former, fact.lost].map(String),
  ]);
  for (const line of formatTable(['sealed', 'current key', 'former key', 'no key'], rows, world.width)) world.out(line);
}

/** Prints a conclusion from the counts; returns 1 if some data cannot be opened by today's key. */
function conclude(facts: readonly SealedTally[], lastEnd: Date | undefined, world: World): ExitCode {
  const former = sum(facts, 'former');
  const lost = sum(facts, 'lost');
  if (lost > 0)
    world.note(
      `${lost} values open with no key: set VESTIBULE_SECRET_KEY_FORMER to the key that they were sealed with, or set these secrets again.`,
    );
  if (former > 0) world.note(`${former} values need VESTIBULE_SECRET_KEY_FORMER still: vestibule keys reseal`);
  if (former === 0 && lost === 0)
    world.note(
      lastEnd === undefined
        ? 'Nothing needs VESTIBULE_SECRET_KEY_FORMER.'
        : `Nothing that is stored needs VESTIBULE_SECRET_KEY_FORMER. Sessions, refresh tokens and links that exist now may, until ${toMinute(lastEnd)}.`,
    );
  return former === 0 && lost === 0 ? EXIT.done : EXIT.no;
}

async function withKeys(world: World, work: (keys: KeyKeeper) => Promise<ExitCode>): Promise<ExitCode> {
  const keys = await world.openKeys(parseConfig(world.env));
  try {
    return await work(keys);
  } finally {
    await keys.close();
  }
}

async function list({ json }: KeysOptions, world: World): Promise<ExitCode> {
  return withKeys(world, async (keys) => {
    const [signing, sealed, lastEnd] = [await keys.list(), await keys.countSealed(), await keys.findLastEnd()];
    if (json) printJson(world, { signing, sealed, last_end: lastEnd ?? null });
    else {
      printSigningKeys(signing, world);
      world.out('');
      printSealed(sealed, world);
    }
    return conclude(sealed, lastEnd, world);
  });
}

async function rotate({ json }: KeysOptions, world: World): Promise<ExitCode> {
  return withKeys(world, async (keys) => {
    const made = await keys.rotate();
    const signing = await keys.list();
    if (json) printJson(world, { made: made.kid, signing });
    else printSigningKeys(signing, world);
    return EXIT.done;
  });
}

async function remove(kid: string, world: World): Promise<ExitCode> {
  return withKeys(world, async (keys) => {
    const outcome = await keys.remove(kid);
    if (outcome === 'unknown')
      throw new CommandError(EXIT.no, `There is no signing key ${kid}.`, 'vestibule keys list');
    if (outcome === 'needed')
      throw new CommandError(
        EXIT.no,
        `The signing key ${kid} is needed: every node has to know another one first.`,
        'Run `vestibule keys rotate`, wait for two minutes, then remove this one.',
      );
    world.note(`Removed ${kid}. Within a minute nothing that it signed is good any more.`);
    return EXIT.done;
  });
}

async function reseal({ json }: KeysOptions, world: World): Promise<ExitCode> {
  return withKeys(world, async (keys) => {
    const sealed = await keys.reseal();
    const lastEnd = await keys.findLastEnd();
    if (json) printJson(world, { sealed, last_end: lastEnd ?? null });
    else printSealed(sealed, world);
    return conclude(sealed, lastEnd, world);
  });
}

/** Adds `keys` and its sub-commands to `program`. */
export function addKeys(program: Command, world: World, finish: (code: ExitCode) => void): void {
  const keys = program
    .command('keys')
    .description('keys that sign tokens and seal secrets')
    .addHelpText('after', EXAMPLES);
  keys
    .command('list')
    .description('signing keys and what they do; how much the secret key opens')
    .option('--json', 'machine output')
    .action(async (options: KeysOptions) => finish(await list(options, world)));
  keys
    .command('rotate')
    .description('makes a signing key: published at once, signs three hours later')
    .option('--json', 'machine output')
    .action(async (options: KeysOptions) => finish(await rotate(options, world)));
  keys
    .command('remove')
    .description('takes a signing key away at once: its tokens are refused')
    .argument('<kid>', 'id of the key')
    .action(async (kid: string) => finish(await remove(kid, world)));
  keys
    .command('reseal')
    .description('seals with VESTIBULE_SECRET_KEY what a former key sealed')
    .option('--json', 'machine output')
    .action(async (options: KeysOptions) => finish(await reseal(options, world)));
}
