/**
 * A plan as one self-contained page, to be sent to the customer's administrator: totals, settings, and for each person what will happen. Loads
 * nothing from anywhere; everything that came from outside is escaped.
 */
import { CLASS_WORDS, needsHuman, type PersonClass, seesOf } from './classify.js';
import { PAGE_SCRIPT, PAGE_STYLE } from './html-parts.js';
import type { Plan, PlanPerson } from './plan-file.js';
import { orderTotals } from './totals.js';

/** Rows of the table; people to look at come first. A page with a hundred thousand rows opens in no browser. */
const MAX_ROWS = 5_000;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function toHtml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => ESCAPES[letter] ?? letter).replace(/[\p{Cc}\p{Cf}]/gu, '\u00b7');
}

const SETTING_WORDS: Readonly<Record<string, string>> = {
  domain: 'Domain proved',
  alias: 'Addresses led to the company’s sign-in',
  auto_membership: 'Strangers of the company become members by themselves',
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
  return `<span class="badge${look ? ' look' : ''}">${toHtml(CLASS_WORDS[name].title)}${look ? ' <b aria-label="please look">!</b>' : ''}</span>`;
}

function toTotals(plan: Plan): string {
  const rows = orderTotals(plan.head.totals).map(
    ([name, count]) =>
      `<tr><td class="number">${count}</td><td>${badge(name, plan)}</td><td>${toHtml(seesOf(name, plan.head.tenant.kind))}</td><td class="quiet">${toHtml(CLASS_WORDS[name].why)}</td></tr>`,
  );
  return `<div class="scroll"><table><thead><tr><th class="number">People</th><th>What happens</th><th>What they see</th><th>Why</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function toSettings(plan: Plan): string {
  const { settings, withheld } = plan.head;
  if (settings.length + withheld.length === 0) return '<p>No setting is changed.</p>';
  const row = (change: (typeof settings)[number], when: string) =>
    `<tr><td>${toHtml(toSettingWords(change.id))}</td><td>${toHtml(toValue(change.before))}</td><td>${toHtml(toValue(change.after))}</td><td>${toHtml(when)}</td></tr>`;
  const rows = [
    ...settings.map((change) => row(change, change.phase === 'open' ? 'first' : 'after everybody is moved')),
    ...withheld.map((change) => row(change, `not done: ${change.locksOut} people could not sign in any more`)),
  ];
  return `<div class="scroll"><table><thead><tr><th>Setting</th><th>Before</th><th>After</th><th>When</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function toRow(person: PlanPerson, plan: Plan): string {
  const name = person.name === undefined ? '' : `<div class="quiet">${toHtml(person.name)}</div>`;
  const who = toHtml(person.email ?? person.user_id ?? '');
  return `<tr data-class="${person.class}"><td>${who}${name}</td><td>${badge(person.class, plan)}</td><td>${toHtml(seesOf(person.class, plan.head.tenant.kind))}</td></tr>`;
}

function toPeople(plan: Plan): string {
  const kind = plan.head.tenant.kind;
  const first = plan.people.filter((person) => needsHuman(person.class, kind));
  const rest = plan.people.filter((person) => !needsHuman(person.class, kind));
  const shown = [...first, ...rest].slice(0, MAX_ROWS);
  const more =
    shown.length < plan.people.length
      ? `<p class="quiet">The first ${shown.length} of ${plan.people.length} people; the plan file has all of them.</p>`
      : '';
  const options = orderTotals(plan.head.totals).map(
    ([name, count]) => `<option value="${name}">${toHtml(CLASS_WORDS[name].title)} (${count})</option>`,
  );
  return `<form class="find" role="search"><label>Find a person <input id="find" type="search" autocomplete="off"></label>
<label>Show <select id="only"><option value="">everybody</option>${options.join('')}</select></label> <span id="count" role="status"></span></form>
<div class="scroll"><table id="people"><thead><tr><th>Person</th><th>What happens</th><th>What they see at the first sign-in</th></tr></thead><tbody>
${shown.map((person) => toRow(person, plan)).join('\n')}
</tbody></table></div>${more}`;
}

/** The page, as HTML. */
export function toPage(plan: Plan): string {
  const { head } = plan;
  const title = `${head.organization.title}: the move to single sign-on`;
  const look = plan.people.filter((person) => needsHuman(person.class, head.tenant.kind)).length;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${toHtml(title)}</title><style>${PAGE_STYLE}</style></head><body><main>
<h1>${toHtml(title)}</h1>
<p>This is a plan. Nothing has been changed yet. ${head.prepare} of ${plan.people.length} people move to the company’s own sign-in
(${toHtml(head.connection.name)}) and stay the same users with the same rights. ${look === 0 ? 'Nobody needs a second look.' : `Please look at the ${look} people marked with <b>!</b> below.`}</p>
<p class="quiet">Made ${toHtml(head.made_at.slice(0, 16).replace('T', ' '))} UTC for ${toHtml(head.tenant.origin)}. Plan ${plan.digest.slice(0, 12)}.</p>
<h2>In total</h2>${toTotals(plan)}
<h2>Settings</h2>${toSettings(plan)}
<h2>People</h2>${toPeople(plan)}
</main><script>${PAGE_SCRIPT}</script></body></html>
`;
}
