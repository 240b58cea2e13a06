/**
 * `vestibule doctor`: checks the installation and says what to change. Gathers facts, with or without a running server,
 * judges them, and prints a line for each. Writes nothing in the database, and never prints a secret.
 */
import type { Command } from 'commander';
import { type Config, examineConfig } from '../config/config.js';
import { parseEmail } from '../domain/people/email.js';
import { Bug } from '../kernel/assert.js';
import { systemClock } from '../kernel/clock.js';
import { Fault, StartError, toMessage } from '../kernel/errors.js';
import { hideSecrets, joinLines } from '../kernel/text.js';
import type { DatabaseFacts, Examiner } from '../ports/examiner.js';
import { CommandError, EXIT, type ExitCode } from '../terminal/exit.js';
import { type Colour, createPaint, formatTable, printJson, toPrintable } from '../terminal/lines.js';
import { judgeConfiguration } from './doctor/configuration.js';
import { judgeBacklog, judgeDatabase, judgeDisk } from './doctor/database.js';
import { judgeDirectories } from './doctor/directories.js';
import { judgeDomains } from './doctor/domains.js';
import { AREAS, type Area, type Finding, type FindingState, findingsOf } from './doctor/finding.js';
import { judgeActions, judgeClock } from './doctor/machine.js';
import { judgeConnectionFacts, judgeMail } from './doctor/other-servers.js';
import { judgeOutside } from './doctor/outside.js';
import { judgeCertificates, judgeKeys, judgeOwner } from './doctor/secrets.js';
import { judgeSettings } from './doctor/settings.js';
import type { World } from './world.js';

const EXAMPLES = `
Needs the environment of the server. Works while it runs and while it does not,
and writes nothing in the database. Ends with 1 if a line says fail.

Examples:
  $ vestibule doctor
  $ vestibule doctor --send-to olga@company.example --json`;

interface DoctorOptions {
  readonly sendTo?: string;
  readonly json?: boolean;
}

interface Ground {
  readonly config: Config;
  readonly examiner: Examiner;
  readonly sendTo: string | undefined;
  readonly now: Date;
}

/** Messages of our own errors are complete; other errors have the reason in their cause. */
const toMessageOf = (error: unknown): string =>
  error instanceof StartError || error instanceof Fault ? error.message : toMessage(error);

/** Runs `work`. If something outside fails, the failure becomes a finding. */
async function orFail(area: Area, work: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Bug) throw error;
    return [findingsOf(area).fail(joinLines(toMessageOf(error)))];
  }
}

/** Reads the facts and adds their findings; undefined after a failure, which is then a finding of the area. */
async function gather<Facts>(
  found: Finding[],
  area: Area,
  read: () => Promise<Facts>,
  judge: (facts: Facts) => readonly Finding[],
): Promise<Facts | undefined> {
  let facts: Facts | undefined;
  const findings = await orFail(area, async () => {
    facts = await read();
    return judge(facts);
  });
  found.push(...findings);
  return facts;
}

const NEED_TABLES = ['waiting work', 'keys', 'owner', 'connections', 'directories', 'domains', 'settings'] as const;

function hasTables(facts: DatabaseFacts | undefined): boolean {
  return facts !== undefined && (facts.schema === 'current' || facts.schema === 'newer');
}

async function examineTables({ examiner, now }: Ground, found: Finding[]) {
  await gather(found, 'waiting work', () => examiner.readBacklog(), judgeBacklog);
  await gather(
    found,
    'keys',
    () => examiner.readKeys(),
    (facts) => judgeKeys(facts, now),
  );
  await gather(found, 'owner', () => examiner.lacksOwner(), judgeOwner);
  await gather(found, 'directories', () => examiner.listScimRefusals(), judgeDirectories);
  await gather(found, 'domains', () => examiner.listPublicDomains(), judgeDomains);
  await gather(found, 'settings', () => examiner.listVainPromises(), judgeSettings);
  return gather(
    found,
    'connections',
    () => examiner.tryConnections(),
    (facts) => judgeConnectionFacts(facts, now),
  );
}

async function examine(ground: Ground): Promise<readonly Finding[]> {
  const { config, examiner, sendTo, now } = ground;
  const found: Finding[] = [];
  const database = await gather(
    found,
    'database',
    () => examiner.readDatabase(),
    (facts) => judgeDatabase(facts, config),
  );
  const isBundledNew = database === undefined && config.databaseUrl === undefined;
  if (!isBundledNew) await gather(found, 'disk', () => examiner.readDisk(), judgeDisk);
  const connections = hasTables(database) ? await examineTables(ground, found) : undefined;
  if (!hasTables(database))
    for (const area of NEED_TABLES)
      found.push(findingsOf(area).skip('Not checked: see the finding about the database.'));
  await gather(
    found,
    'certificates',
    () => examiner.readCertificates(),
    (facts) => judgeCertificates(facts, now),
  );
  await gather(
    found,
    'mail',
    () => examiner.tryMail(sendTo),
    (facts) => judgeMail(facts, sendTo),
  );
  const isKeyless = isBundledNew && config.secretKey === undefined;
  if (isKeyless) found.push(findingsOf('outside').skip(`${config.origin} was not asked: no server has run here yet.`));
  const outside = isKeyless
    ? undefined
    : await gather(
        found,
        'outside',
        () => examiner.askFromOutside(),
        (facts) => judgeOutside(facts, config.origin, now),
      );
  found.push(...judgeClock(database, outside?.outside, connections ?? []));
  await gather(found, 'actions', () => examiner.tryActions(), judgeActions);
  return found;
}

/** Lists the environment's secrets, which other servers may repeat in errors. */
function listSecrets(config: Config): readonly string[] {
  const { databaseUrl, smtpUrl, managementClient, secretKey, formerSecretKeys } = config;
  const ofAddress = (address: string | undefined) => {
    if (address === undefined || !URL.canParse(address)) return [];
    const { username, password } = new URL(address);
    const plain = decodeLeniently(password);
    return [password, plain, `\0${decodeLeniently(username)}\0${plain}`];
  };
  const keys = [secretKey, ...formerSecretKeys].flatMap((key) => (key === undefined ? [] : [key.toString('base64')]));
  return [...ofAddress(databaseUrl), ...ofAddress(smtpUrl), managementClient?.secret ?? '', ...keys];
}

function decodeLeniently(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Sorts the findings by area, removes secrets, and makes them safe for a terminal: some texts come from other servers.
 */
function toReport(findings: readonly Finding[], secrets: readonly string[]): readonly Finding[] {
  const clean = (text: string) => toPrintable(hideSecrets(text, secrets));
  return AREAS.flatMap((area) => findings.filter((finding) => finding.area === area)).map((finding) => ({
    ...finding,
    found: clean(finding.found),
    ...(finding.change !== undefined && { change: clean(finding.change) }),
  }));
}

const COLOURS: Readonly<Record<FindingState, Colour>> = { ok: 'green', warn: 'yellow', fail: 'red', skip: 'dim' };

function print(findings: readonly Finding[], world: World): void {
  const paint = createPaint(world.colourful);
  const rows = findings.flatMap(({ state, area, found, change }) => [
    [state, area, found],
    ...(change === undefined ? [] : [['', '', `-> ${change}`]]),
  ]);
  const paintCell = (text: string, column: number) => {
    const colour = COLOURS[text.trim() as FindingState];
    return column === 0 && colour !== undefined ? paint(text, colour) : text;
  };
  for (const line of formatTable(['', 'area', 'finding'], rows, world.width, paintCell)) world.out(line);
}

function conclude(findings: readonly Finding[], world: World): ExitCode {
  const count = (state: FindingState) => findings.filter((finding) => finding.state === state).length;
  const [fails, warnings, skipped] = [count('fail'), count('warn'), count('skip')];
  world.note(
    fails + warnings === 0
      ? `Nothing to change; ${skipped} not checked.`
      : `${fails} to change, ${warnings} to look at, ${skipped} not checked.`,
  );
  return fails > 0 ? EXIT.no : EXIT.done;
}

function parseSendTo(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const email = parseEmail(text);
  if (email !== undefined) return email;
  throw new CommandError(EXIT.wrongUse, `'${text}' is no email address`, 'Give one such as olga@company.example.');
}

async function doctor(options: DoctorOptions, world: World): Promise<ExitCode> {
  const sendTo = parseSendTo(options.sendTo);
  const read = examineConfig(world.env);
  const { config } = read;
  const found = [...judgeConfiguration(world.env, read)];
  if (config === undefined) {
    found.push(
      findingsOf('database').skip('Nothing else was checked: a server with this configuration does not start.'),
    );
  } else {
    const examiner = await world.openExaminer(config);
    try {
      found.push(...(await examine({ config, examiner, sendTo, now: systemClock.now() })));
    } finally {
      await examiner.close();
    }
  }
  const findings = toReport(found, config === undefined ? [] : listSecrets(config));
  if (options.json) printJson(world, { findings });
  else print(findings, world);
  return conclude(findings, world);
}

/** Adds `doctor` to `program`. */
export function addDoctor(program: Command, world: World, finish: (code: ExitCode) => void): void {
  program
    .command('doctor')
    .description('checks this installation; says what to change')
    .option('--send-to <address>', 'send a test mail there; without it none is sent')
    .option('--json', 'machine output')
    .addHelpText('after', EXAMPLES)
    .action(async (options: DoctorOptions) => finish(await doctor(options, world)));
}
