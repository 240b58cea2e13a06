/**
 * `vestibule rollout plan`: reads the tenant and the company's directory, and writes a plan file (and an HTML page).
 * Changes nothing else.
 */
import { constants, createWriteStream } from 'node:fs';
import { access, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseEmail } from '../../domain/people/email.js';
import { systemClock } from '../../kernel/clock.js';
import { syncFolder } from '../../kernel/durable-files.js';
import { toFileReason } from '../../kernel/file-errors.js';
import { CommandError, EXIT, type ExitCode } from '../../terminal/exit.js';
import { printJson } from '../../terminal/lines.js';
import { createProgress } from '../../terminal/progress.js';
import type { Terminal } from '../../terminal/terminal.js';
import { connectTenant } from '../remote/tenant.js';
import type { Ground } from '../rollout/classify.js';
import { checkScopes, detectKind, findPlace, listFirst, openTenant } from '../rollout/connect.js';
import { type BadLine, parseDirectory } from '../rollout/directory-file.js';
import { toPage } from '../rollout/html.js';
import { toJournalFile } from '../rollout/journal.js';
import { makePlan, type WantedSettings } from '../rollout/make-plan.js';
import type { DirectoryEntry } from '../rollout/person.js';
import { type PlanHead, parsePlan, toPlanLines } from '../rollout/plan-file.js';
import { readSetting } from '../rollout/settings.js';
import { fitSubjects, type SubjectRules, subjectRulesOf } from '../rollout/subject-rules.js';
import type { PlanOptions } from './rollout-options.js';
import { formatPlan } from './rollout-report.js';
import { getTenantAccess } from './tenant-access.js';

const SHOWN_BAD_LINES = 50;

async function readDirectory(file: string, terminal: Terminal): Promise<ReadonlyMap<string, DirectoryEntry>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new CommandError(
      EXIT.wrongUse,
      `The directory file cannot be read: ${toFileReason(error, 'read', file)}.`,
      'It takes CSV with a header (email,subject,active) or JSON Lines with the same names.',
    );
  }
  const { entries, bad } = parseDirectory(text);
  refuseBadLines(bad, file, terminal);
  return entries;
}

/** Prints the first bad lines of a file, and throws if there are any. */
function refuseBadLines(bad: readonly BadLine[], file: string, terminal: Terminal): void {
  if (bad.length === 0) return;
  for (const { line, problem } of bad.slice(0, SHOWN_BAD_LINES)) terminal.note(`${file}:${line}: ${problem}`);
  const more = bad.length > SHOWN_BAD_LINES ? ` (the first ${SHOWN_BAD_LINES} are above)` : '';
  throw new CommandError(
    EXIT.wrongUse,
    `${bad.length} bad line${bad.length > 1 ? 's' : ''} in ${file}${more}; nothing was done.`,
    'Correct them and start again.',
  );
}

function fitDirectory(
  read: ReadonlyMap<string, DirectoryEntry>,
  rules: SubjectRules,
  file: string,
  terminal: Terminal,
): ReadonlyMap<string, DirectoryEntry> {
  const { entries, bad } = fitSubjects(read, rules);
  refuseBadLines(bad, file, terminal);
  return entries;
}

function toWanted(options: PlanOptions): WantedSettings {
  const wanted: Record<string, string | boolean> = {};
  for (const domain of options.proveDomain ?? []) {
    wanted[`domain:${domain}`] = 'verified';
    // The domain must also be added to the connection: a proof has an effect only at a connection that lists the
    // domain.
    wanted[`alias:${domain}`] = true;
  }
  for (const domain of options.alias ?? []) wanted[`alias:${domain}`] = true;
  // At Auth0, no address leads to a connection that the organization hides ("Enable Organization Connections").
  if (Object.keys(wanted).some((id) => id.startsWith('alias:'))) wanted.show_as_button = true;
  if (options.autoMembership !== undefined) wanted.auto_membership = options.autoMembership === 'on';
  if (options.ssoRollout !== undefined) wanted.sso_rollout = options.ssoRollout;
  return wanted;
}

/** Writes the plan completely or not at all, so that an earlier plan is never lost to a partial one. */
async function writeLines(file: string, head: PlanHead, lines: readonly string[]): Promise<void> {
  const text = [...toPlanLines(head, lines)].map((line) => `${line}\n`);
  await pipeline(Readable.from(text), createWriteStream(`${file}.part`, { flush: true }));
  await rename(`${file}.part`, file);
  await syncFolder(file);
}

/** Writes the plan, and the HTML page if the options name one. */
async function writeFiles({ out, html }: PlanOptions, head: PlanHead, lines: readonly string[]): Promise<void> {
  let file = out;
  try {
    await writeLines(out, head, lines);
    if (html === undefined) return;
    file = html;
    await writeFile(html, toPage(parsePlan([...toPlanLines(head, lines)].join('\n'))));
  } catch (error) {
    const advice = 'Give it space, or name another file. Nothing was changed on the tenant.';
    const reason = toFileReason(error, 'write', file);
    throw new CommandError(EXIT.otherSide, `${file} cannot be written: ${reason}.`, advice);
  }
}

/** Refuses a file that is named twice: the plan would overwrite the company's list, or the page the plan. */
function checkNames({ directory, out, html }: PlanOptions): void {
  const files = [directory, out, html].flatMap((file) => (file === undefined ? [] : [resolve(file)]));
  const twice = files.find((file, index) => files.indexOf(file) !== index);
  if (twice !== undefined)
    throw new CommandError(
      EXIT.wrongUse,
      `${twice} is named twice.`,
      'Give --directory, --out and --html three files.',
    );
}

/**
 * Refuses to replace a plan that has a journal: that plan is needed until it is rolled back, and no other fits its
 * journal.
 */
async function checkNoJournal(out: string): Promise<void> {
  const journal = toJournalFile(out);
  try {
    await access(journal);
  } catch {
    return;
  }
  throw new CommandError(
    EXIT.wrongUse,
    `${out} was applied: its journal is ${journal}, and without the plan nothing can be rolled back.`,
    'Give another file (--out), or move plan and journal away together.',
  );
}

/** Checks that the folders are writable before a thousand people are read. */
async function checkFolders(files: readonly (string | undefined)[]): Promise<void> {
  for (const file of files.filter((one) => one !== undefined)) {
    try {
      await access(dirname(file), constants.W_OK);
    } catch (error) {
      const reason = toFileReason(error, 'write', file);
      throw new CommandError(EXIT.wrongUse, `${file} cannot be written: ${reason}.`, 'Name another file.');
    }
  }
}

/** Runs the command: 0, even when some people need a human decision. Throws {@link CommandError} and RemoteError. */
export async function rolloutPlan(options: PlanOptions, terminal: Terminal): Promise<ExitCode> {
  checkNames(options);
  await checkNoJournal(options.out);
  await checkFolders([options.out, options.html]);
  const read = options.directory === undefined ? undefined : await readDirectory(options.directory, terminal);
  const remote = await connectTenant(getTenantAccess(options, terminal.env), { tries: 8 });
  checkScopes(remote, 'vestibule', 'read');
  const found = await findPlace(remote, options.organization, options.connection);
  const kind = await detectKind(remote, found.organization.id);
  if (kind === 'auth0' && options.ssoRollout !== undefined) {
    throw new CommandError(EXIT.wrongUse, 'Auth0 has no sso_rollout.', 'Leave out --sso-rollout on this tenant.');
  }
  const first = kind === 'vestibule' ? await listFirst(remote, found.connection) : [];
  const rules = subjectRulesOf({ ...found.connection, options: found.options }, kind);
  const directory = read && fitDirectory(read, rules, options.directory ?? '', terminal);
  const place = { organizationId: found.organization.id, connectionId: found.connection.id };
  const target = { ...place, connectionName: found.connection.name, strategy: found.connection.strategy };
  const tenant = openTenant(remote, kind, 'read', target, systemClock);
  const wanted = toWanted(options);
  const domains = new Set([...found.domains, ...(options.proveDomain ?? []), ...(options.alias ?? [])]);
  const proved = new Set<string>();
  for (const domain of domains) {
    const isProved = options.proveDomain?.includes(domain) === true;
    if (isProved || (await readSetting(remote, place, `domain:${domain}`)) === 'verified') proved.add(domain);
  }
  const ground: Ground = {
    kind,
    directory,
    domains,
    provedDomains: proved,
    factorRule: await tenant.readFactorRule(),
    overruled: new Set((options.overrule ?? []).map((who) => parseEmail(who) ?? who)),
  };
  const progress = createProgress(terminal, 'people read', systemClock);
  const { head, lines, unmet } = await makePlan({
    tenant,
    place,
    ground,
    wanted,
    allowLockout: options.allowLockout === true,
    onProgress: (done) => progress.update(done),
    head: {
      made_at: systemClock.now().toISOString(),
      tenant: { origin: remote.origin, kind },
      organization: found.organization,
      connection: found.connection,
      ...(first.length + rules.notes.length > 0 && { notes: [...first, ...rules.notes] }),
      directory:
        directory === undefined || options.directory === undefined
          ? null
          : { file: options.directory, people: directory.size },
    },
  });
  progress.end();
  if (unmet.length > 0)
    throw new CommandError(
      EXIT.wrongUse,
      `--overrule names nobody of ${found.organization.name}: ${unmet.join(', ')}. No plan was written.`,
      'It takes the address or the user id of a member.',
    );
  await writeFiles(options, head, lines);
  const report = formatPlan(head, lines, options.out, terminal);
  if (options.json === true) printJson(terminal, { plan: options.out, ...head, needs_human: report.human }, 'indented');
  else for (const line of report.lines) terminal.out(line);
  return EXIT.done;
}
