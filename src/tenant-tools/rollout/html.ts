/**
 * Writes a plan as one self-contained HTML page for the customer's administrator: totals, settings, and the change for
 * each person. Loads nothing from anywhere; all outside text is escaped.
 */

import { createHash } from 'node:crypto';
import { CLASS_WORDS, FACTOR_WORDS } from '../../facts/rollout-words.js';
import { findHolder, needsHuman, type PersonClass, seesOf } from './classify.js';
import { PAGE_SCRIPT, PAGE_STYLE } from './html-parts.js';
import type { Plan, PlanPerson } from './plan-file.js';
import { orderFactors, orderTotals } from './totals.js';

/**
 * Maximum number of rows of the table, with people to look at first: browsers cannot open a page with a hundred
 * thousand rows.
 */
const MAX_ROWS = 5_000;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Invisible characters that turn or hide text become a dot, except the two joiners that Persian and Indic scripts need.
 */
const INVISIBLE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}]/gu;

function toHtml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => ESCAPES[letter] ?? letter).replace(INVISIBLE, '\u00b7');
}

/** Escapes a text from outside and isolates it, because it may run from right to left. */
function toForeign(text: string): string {
  return `<bdi>${toHtml(text)}</bdi>`;
}

/** Returns `sha256-…` of an inlined style or script for the Content-Security-Policy, which blocks all others. */
function toSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

function people(count: number): string {
  return count === 1 ? '1 person' : `${count} people`;
}

const SETTING_WORDS: Readonly<Record<string, string>> = {
  domain: 'Domain verified',
  alias: 'Addresses led to the company’s sign-in',
  auto_membership: 'Strangers of the company become members by themselves',
  show_as_button: 'The company’s sign-in is offered',
  sso_rollout: 'Passwords for members',
};

function toSettingWords(id: string): string {
  const [kind = '', domain] = id.split(/:(.*)/s);
  return domain === undefined ? (SETTING_WORDS[kind] ?? kind) : `${SETTING_WORDS[kind] ?? kind}: ${domain}`;
}

function toValue(value: unknown): string {
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return String(value);
}

function badge(name: PersonClass, plan: Plan): string {
  const look = needsHuman(name, plan.head.tenant.kind);
  return `<span class="badge${look ? ' look' : ''}">${toHtml(CLASS_WORDS[name].title)}${look ? '&nbsp;<b title="please look">!</b>' : ''}</span>`;
}

/**
 * Orders the classes: the largest first, since it holds most of the company's people. Those that an administrator
 * should look at come after all others.
 */
function orderForPage(plan: Plan): readonly [PersonClass, number][] {
  const looks = (name: PersonClass) => Number(needsHuman(name, plan.head.tenant.kind));
  return [...orderTotals(plan.head.totals)].sort(([a, m], [b, n]) => looks(a) - looks(b) || n - m);
}

function toTotals(plan: Plan): string {
  const rows = orderForPage(plan).map(
    ([name, count]) =>
      `<tr><td class="number" data-label="People">${count}</td><td class="what">${badge(name, plan)}</td><td>${toHtml(seesOf(name, plan.head.tenant.kind))}</td><td class="quiet">${toHtml(CLASS_WORDS[name].why)}</td></tr>`,
  );
  return `<div class="frame"><table id="totals"><thead><tr><th class="number">People</th><th>What happens</th><th>What they see</th><th>Why</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

/** Says what a second factor changes; empty where it changes nothing. */
function toFactors(plan: Plan): string {
  const rows = orderFactors(plan.head.second_factor).map(
    ([effect, count]) =>
      `<tr><td class="number" data-label="People">${count}</td><td class="what">${toHtml(FACTOR_WORDS[effect].title)}</td><td>${toHtml(FACTOR_WORDS[effect].sees)}</td></tr>`,
  );
  if (rows.length === 0) return '';
  return `<h2>Second factor</h2><div class="frame"><table id="factors"><thead><tr><th class="number">People</th><th>What happens</th><th>At the next sign-in</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function toSettings(plan: Plan): string {
  const { settings, withheld } = plan.head;
  if (settings.length + withheld.length === 0) return '<p>No setting is changed.</p>';
  const row = (change: (typeof settings)[number], when: string) =>
    `<tr><td>${toHtml(toSettingWords(change.id))}</td><td data-label="Before">${toHtml(toValue(change.before))}</td><td data-label="After">${toHtml(toValue(change.after))}</td><td data-label="When">${toHtml(when)}</td></tr>`;
  const rows = [
    ...settings.map((change) => row(change, change.phase === 'open' ? 'first' : 'after everybody is moved')),
    ...withheld.map((change) => row(change, `not done: ${people(change.locksOut)} could not sign in any more`)),
  ];
  return `<div class="frame"><table id="settings"><thead><tr><th>Setting</th><th>Before</th><th>After</th><th>When</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function toRow(person: PlanPerson, plan: Plan): string {
  const name = person.name === undefined ? '' : `<div class="quiet">${toForeign(person.name)}</div>`;
  const who = toForeign(person.email ?? person.user_id ?? '');
  const look = needsHuman(person.class, plan.head.tenant.kind) ? ' data-look' : '';
  const holder = findHolder(person.evidence);
  const other = holder && `<div class="quiet">${toForeign(holder.email ?? holder.userId)}</div>`;
  return `<tr data-class="${person.class}"${look}><td class="who">${who}${name}</td><td class="what">${badge(person.class, plan)}${other ?? ''}</td><td>${toHtml(seesOf(person.class, plan.head.tenant.kind))}</td></tr>`;
}

function toPeople(plan: Plan): string {
  const kind = plan.head.tenant.kind;
  const first = plan.people.filter((person) => needsHuman(person.class, kind));
  const rest = plan.people.filter((person) => !needsHuman(person.class, kind));
  const shown = [...first, ...rest].slice(0, MAX_ROWS);
  const more =
    shown.length < plan.people.length
      ? `<p class="quiet">These are the first ${shown.length} of ${people(plan.people.length)}, with everybody to look at before the others. The plan file has all of them.</p>`
      : '';
  const options = orderTotals(plan.head.totals).map(
    ([name, count]) => `<option value="${name}">${toHtml(CLASS_WORDS[name].title)} (${count})</option>`,
  );
  const looks = first.length === 0 ? '' : `<option value="look">to look at (${first.length})</option>`;
  return `${more}<form class="find" role="search" hidden><label>Find a person <input id="find" type="search" autocomplete="off"></label>
<label>Show <select id="only"><option value="">everybody</option>${looks}${options.join('')}</select></label> <span id="count" role="status"></span></form>
<div class="frame"><table id="people"><thead><tr><th>Person</th><th>What happens</th><th>What they see at the first sign-in</th></tr></thead><tbody>
${shown.map((person) => toRow(person, plan)).join('\n')}
</tbody></table></div>`;
}

/** Sums up the plan in three numbers: people who move, people to look at, people who stay as they are. */
function toSums(plan: Plan, look: number): string {
  const { prepare } = plan.head;
  const rest = plan.people.length - prepare - look;
  const sum = (count: number, words: string, kind = '') => `<li class="${kind}"><b>${count}</b>${words}</li>`;
  return `<ul class="sums">${sum(prepare, 'move to the company’s sign-in')}${sum(look, 'to look at', look > 0 ? 'look' : '')}${sum(rest, 'stay as they are')}</ul>`;
}

/** Renders the plan as an HTML page. */
export function toPage(plan: Plan): string {
  const { head } = plan;
  const title = `${head.organization.title}: the move to single sign-on`;
  const look = plan.people.filter((person) => needsHuman(person.class, head.tenant.kind) && !person.prepare).length;
  const policy = `default-src 'none'; style-src ${toSource(PAGE_STYLE)}; script-src ${toSource(PAGE_SCRIPT)}; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="referrer" content="no-referrer">
<title>${toHtml(title)}</title><style>${PAGE_STYLE}</style></head><body><main>
<h1>${toForeign(head.organization.title)}: the move to single sign-on</h1>
<p>This is a plan. Nothing has been changed yet. ${head.prepare} of ${people(plan.people.length)} move to the company’s own sign-in
(${toHtml(head.connection.name)}) and stay the same users with the same rights. ${look === 0 ? 'Nobody needs a second look.' : `Please look at the ${people(look)} marked with <b>!</b> below.`}</p>
<p class="quiet">Made ${toHtml(head.made_at.slice(0, 16).replace('T', ' '))} UTC for ${toHtml(head.tenant.origin)}. Plan ${plan.digest.slice(0, 12)}.</p>
${(head.notes ?? []).map((note) => `<p>${toHtml(note)}</p>`).join('\n')}
${toSums(plan, look)}
<h2>In total</h2>${toTotals(plan)}
${toFactors(plan)}
<h2>Settings</h2>${toSettings(plan)}
<h2>People</h2>${toPeople(plan)}
</main><script>${PAGE_SCRIPT}</script></body></html>
`;
}
