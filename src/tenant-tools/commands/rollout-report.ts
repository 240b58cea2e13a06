/**
 * The texts that `vestibule rollout` shows on a terminal: the first line says what happened, the last what to do next.
 * Returns lines, prints nothing.
 */

import { CLASS_WORDS, FACTOR_WORDS } from '../../facts/rollout-words.js';
import { formatTable, toPrintable, wrap } from '../../terminal/lines.js';
import type { Terminal } from '../../terminal/terminal.js';
import type { ApplyResult } from '../rollout/apply.js';
import { findHolder, needsHuman } from '../rollout/classify.js';
import { AUTH0_FACTS } from '../rollout/facts.js';
import type { Standing } from '../rollout/journal.js';
import type { Plan, PlanHead, PlanPerson } from '../rollout/plan-file.js';
import type { RollbackResult } from '../rollout/rollback.js';
import type { SettingChange } from '../rollout/settings.js';
import { isChanged, orderFactors, orderTotals, type Status } from '../rollout/totals.js';
import type { VerifyResult } from '../rollout/verify.js';

/** Maximum number of people listed on a terminal; the plan file and the page list all. */
const NAMED = 12;

type Width = Pick<Terminal, 'width'>;

function people(count: number): string {
  return count === 1 ? '1 person' : `${count} people`;
}

function toTotals(head: PlanHead, { width }: Width): readonly string[] {
  const rows = orderTotals(head.totals).map(([name, count]) => [
    String(count),
    CLASS_WORDS[name].title,
    needsHuman(name, head.tenant.kind) ? 'look' : '',
    CLASS_WORDS[name].why,
  ]);
  return formatTable(['people', 'class', '', 'why'], rows, width);
}

function toSettings(changes: readonly SettingChange[], { width }: Width): readonly string[] {
  const rows = changes.map(({ id, before, after, phase }) => [
    id,
    `${before === null ? 'none' : String(before)} -> ${String(after)}`,
    phase === 'open' ? 'before the people' : 'after all people',
  ]);
  return formatTable(['setting', 'change', 'when'], rows, width);
}

/** Formats what a second factor changes; nothing where nobody has one and nobody is asked. */
function toFactors({ second_factor: found }: PlanHead, { width }: Width): readonly string[] {
  const rows = orderFactors(found).map(([effect, number]) => [
    String(number),
    FACTOR_WORDS[effect].title,
    FACTOR_WORDS[effect].sees,
  ]);
  return rows.length === 0 ? [] : ['', ...formatTable(['people', 'second factor', 'at the next sign-in'], rows, width)];
}

function nameOf(person: PlanPerson): string {
  return toPrintable(person.email ?? person.user_id ?? '');
}

/** Describes the class of a person who needs a decision, and the other person involved, if any. */
function sayClass(person: PlanPerson): string {
  const holder = findHolder(person.evidence);
  const { title } = CLASS_WORDS[person.class];
  return holder === undefined ? title : `${title}, ${toPrintable(holder.email ?? holder.userId)}`;
}

function toHumans(head: PlanHead, lines: readonly string[]): readonly PlanPerson[] {
  const humans: PlanPerson[] = [];
  // Parsed one at a time: a hundred thousand parsed people beside their lines would double the memory.
  for (const line of lines) {
    const person = JSON.parse(line) as PlanPerson;
    if (needsHuman(person.class, head.tenant.kind)) humans.push(person);
  }
  return humans;
}

/** Formats the result of `plan`, with the people that need a human decision. */
export function formatPlan(
  head: PlanHead,
  lines: readonly string[],
  file: string,
  terminal: Width,
): { readonly lines: readonly string[]; readonly human: number } {
  const humans = toHumans(head, lines);
  const text = [
    `${head.organization.title}: ${people(lines.length)}, ${head.prepare} to be moved to ${head.connection.name}. Nothing was changed.`,
    '',
    ...toTotals(head, terminal),
    ...toFactors(head, terminal),
    '',
    ...(head.settings.length === 0 ? ['No setting is changed.'] : toSettings(head.settings, terminal)),
  ];
  if (head.withheld.length > 0) {
    text.push('', 'Left out, since people could not sign in any more (--allow-lockout accepts that):');
    for (const { id, locksOut } of head.withheld) text.push(`  ${id} locks out ${people(locksOut)}`);
  }
  const asked = head.totals.proof ?? 0;
  if (asked > 0) {
    text.push(
      '',
      `${people(asked)} would be moved silently, had the organization verified its domain: --prove-domain.`,
    );
  }
  if (humans.length > 0) {
    text.push('', `${people(humans.length)} to look at:`);
    for (const person of humans.slice(0, NAMED)) text.push(`  ${nameOf(person)}: ${sayClass(person)}`);
    if (humans.length > NAMED) text.push(`  and ${humans.length - NAMED} more, in the plan`);
  }
  if (head.tenant.kind === 'auth0') {
    text.push('', 'On Auth0 this relies on:');
    for (const { fact, sure, check } of AUTH0_FACTS)
      text.push(...wrap(`- (${sure}) ${fact} Check: ${check}`, terminal.width));
  }
  text.push(...wrapNotes(listNotes(head), terminal));
  text.push('', `Next: vestibule rollout apply ${file} --limit 5, for a pilot group.`);
  return { lines: text, human: humans.length };
}

/** Warning for tenants on Auth0, where an administrator would rely on break-glass members in vain. */
const NO_BREAK_GLASS =
  'Auth0 has no break-glass members: where a domain leads to the connection, nobody of it gets to the password page. Keep an administrator whose ' +
  'address is in no such domain, or a second application without the organization, for the day on which the company’s sign-in is down.';

/** Lists warnings about this plan that an administrator should read before sign-in by password is closed. */
export function listNotes({ tenant, settings, withheld, notes = [] }: PlanHead): readonly string[] {
  const leads = [...settings, ...withheld].some(
    ({ id, after }) => /^(alias:|show_as_button$)/.test(id) && after === true,
  );
  return tenant.kind === 'auth0' && leads ? [...notes, NO_BREAK_GLASS] : notes;
}

/** Wraps the notes to the terminal's width. */
export function wrapNotes(notes: readonly string[], { width }: Width): readonly string[] {
  return notes.flatMap((note) => ['', ...wrap(note, width)]);
}

type Look = (id: string) => Standing | undefined;

/** Lists all people of the plan who were skipped or failed, each with the reason. */
export function listOpen(plan: Plan, look: Look) {
  const marked = (mark: Standing['mark']) =>
    plan.people.filter(isChanged).flatMap(({ user_id, email }) => {
      const standing = look(user_id);
      return standing?.mark === mark ? [{ user_id, email, note: standing.note ?? mark }] : [];
    });
  return { skipped: marked('skipped'), failed: marked('failed') };
}

function toOpen(people: ReturnType<typeof listOpen>['skipped']): readonly string[] {
  return people.map(({ user_id, email, note }) => `  ${toPrintable(email ?? user_id)}: ${toPrintable(note)}`);
}

function toLockouts(lockedOut: ApplyResult['lockedOut']): readonly string[] {
  return lockedOut.flatMap(({ change, people: locked }) => {
    const more = locked.length > NAMED ? [`    and ${locked.length - NAMED} more: --json names all`] : [];
    return [
      `  ${change.id}: ${people(locked.length)}`,
      ...locked.slice(0, NAMED).map((one) => `    ${toPrintable(one.email)}: ${CLASS_WORDS[one.class].title}`),
      ...more,
    ];
  });
}

/** Formats the result of `apply --dry-run` for the terminal. */
export function formatRehearsal(
  plan: Plan,
  work: readonly Pick<PlanPerson, 'user_id' | 'email'>[],
  settings: readonly SettingChange[],
): readonly string[] {
  const isAll = work.length === plan.head.prepare;
  return [
    ...work.map((person) => `would prepare ${toPrintable(person.email ?? person.user_id ?? '')}`),
    ...settings.map(({ id, before, after, phase }) => {
      const when = phase === 'open' || isAll ? '' : ', when everybody is done';
      return `would set ${id}: ${String(before)} -> ${String(after)}${when}`;
    }),
    `Nothing was written. ${people(work.length)} would be prepared.`,
  ];
}

function listed(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  const more = lines.length > NAMED ? [`  and ${lines.length - NAMED} more: --json names all`] : [];
  return ['', `${title}:`, ...lines.slice(0, NAMED), ...more];
}

function toMoved(moved: ApplyResult['moved']): readonly string[] {
  return moved.map(
    ({ change, now }) => `  ${change.id} is ${JSON.stringify(now)}, the plan expected ${JSON.stringify(change.before)}`,
  );
}

/** Formats the result of `apply` for the terminal. */
export function formatApply(
  file: string,
  plan: Plan,
  status: Status,
  result: ApplyResult,
  look: Look,
): readonly string[] {
  const { skipped, failed } = listOpen(plan, look);
  const total = plan.head.prepare;
  const next =
    status.done + status.kept === total
      ? toNextOfWhole(file, result)
      : `Next: vestibule rollout apply ${file}, for the rest; vestibule rollout rollback ${file} takes everything back.`;
  return [
    `${result.stopped ? 'Stopped' : 'Applied'}: ${status.done} of ${people(total)} done, ${status.waiting} wait, ${status.skipped} skipped, ${status.failed} failed.`,
    ...listed('Skipped', toOpen(skipped)),
    ...listed('Failed', toOpen(failed)),
    ...listed('Settings that somebody else changed', toMoved(result.moved)),
    ...listed(
      'Settings that wait until everybody is done',
      result.later.map(({ id }) => `  ${id}`),
    ),
    ...(result.lockedOut.length === 0
      ? []
      : [
          '',
          'Not set, since they would lock out people whom the plan did not count (they joined since, or changed):',
          ...toLockouts(result.lockedOut),
        ]),
    '',
    next,
  ];
}

function toNextOfWhole(file: string, { lockedOut }: ApplyResult): string {
  return lockedOut.length === 0
    ? `Next: vestibule rollout verify ${file}`
    : `Next: a new plan that has these people too; or vestibule rollout apply ${file} --allow-lockout, which accepts it.`;
}

const UNLINK_BY_HAND =
  'Unlink those by hand whom the rollout led there (DELETE /api/v2/users/{id}/identities/{provider}/{user_id}); the next run sees it.';

/** Formats the result of `rollback` for the terminal. */
export function formatRollback(
  file: string,
  plan: Plan,
  status: Status,
  result: RollbackResult,
  _world: Width,
): readonly string[] {
  const linked = (end: RollbackResult['selfLinked'][number]['end']) =>
    result.selfLinked.filter((one) => one.end === end).map((one) => `  ${toPrintable(one.email ?? one.user_id)}`);
  const isTold = plan.head.tenant.kind === 'vestibule';
  const who = isTold
    ? 'Linked themselves since the plan was made'
    : 'Linked since the plan was made, by the guard or by somebody else, which Auth0 does not tell apart';
  const byHand = isTold || linked('undecided').length + linked('kept').length === 0 ? [] : [UNLINK_BY_HAND];
  const next =
    result.undecided.length + linked('undecided').length > 0
      ? `Next: --used keep leaves them linked, --used undo takes their sign-in by SSO away: vestibule rollout rollback ${file} --used …`
      : `Next: vestibule rollout status ${file}`;
  return [
    `${result.stopped ? 'Stopped' : 'Rolled back'}: ${status.undone} of ${people(plan.head.prepare)} as before, ${status.kept} kept.`,
    ...listed(
      'Signed in by SSO meanwhile; nothing was done to them',
      result.undecided.map((person) => `  ${nameOf(person)}`),
    ),
    ...listed(`${who}; nothing was done to them`, linked('undecided')),
    ...listed(`${who}; their sign-in by SSO was taken away`, linked('undone')),
    ...listed(`${who}; they keep their sign-in by SSO`, linked('kept')),
    ...byHand,
    ...listed('Settings that somebody else changed; they stay', toMoved(result.moved)),
    '',
    next,
  ];
}

/** Formats the result of `verify` for the terminal. */
export function formatDifferences(result: VerifyResult, { width }: Width): readonly string[] {
  const { differences } = result;
  const first = `${people(result.checked)} and ${result.strangers} stranger${result.strangers === 1 ? '' : 's'} checked: ${
    differences.length === 0 ? 'everything is as planned.' : `${differences.length} not as planned.`
  }`;
  if (differences.length === 0) return [first];
  const rows = differences
    .slice(0, 100)
    .map((one) => [toPrintable(one.email ?? one.about), `${one.difference}. ${one.remedy}`]);
  const more = differences.length > 100 ? [`and ${differences.length - 100} more: --json names all`] : [];
  return [first, '', ...formatTable(['about', 'difference'], rows, width), ...more];
}

/** Names the next command: after a rollback there is nothing to verify. */
function toNext(file: string, { waiting, begun, undoing, done, undone }: Status): string {
  if (undoing > 0)
    return `Next: vestibule rollout rollback ${file}, which was begun and is not at its end; apply goes forward again.`;
  if (undone > 0 && done + begun === 0)
    return `Everything is as before. vestibule rollout apply ${file} does it again.`;
  return `Next: vestibule rollout ${waiting + begun > 0 ? 'apply' : 'verify'} ${file}`;
}

/** Formats the result of `status` for the terminal. */
export function formatStatus(
  file: string,
  plan: Plan,
  status: Status,
  settings: readonly (SettingChange & { readonly mark: string })[],
  look: Look,
  { width }: Width,
): readonly string[] {
  const { head } = plan;
  const { skipped, failed } = listOpen(plan, look);
  const rows = settings.map(({ id, before, after, mark }) => [id, mark, `${String(before)} -> ${String(after)}`]);
  return [
    `${head.organization.title} on ${head.tenant.origin}, planned ${head.made_at}: ${status.done} of ${people(head.prepare)} done.`,
    `waiting ${status.waiting}, under way ${status.begun + status.undoing}, skipped ${status.skipped}, failed ${status.failed}, rolled back ${status.undone}, kept ${status.kept}`,
    ...(rows.length === 0 ? [] : ['', ...formatTable(['setting', 'state', 'change'], rows, width)]),
    ...listed('Skipped', toOpen(skipped)),
    ...listed('Failed', toOpen(failed)),
    '',
    toNext(file, status),
  ];
}
