/**
 * The page of story 13: the steps with their progress, the plan in numbers, fifty people before and after, and the rows
 * that differ at the end.
 */
import { CLASS_WORDS } from '../../src/facts/rollout-words.js';
import { needsHuman } from '../../src/tenant-tools/rollout/classify.js';
import type { Plan, PlanPerson } from '../../src/tenant-tools/rollout/plan-file.js';
import { orderTotals } from '../../src/tenant-tools/rollout/totals.js';
import type { Addresses } from '../addresses.js';
import { listEmployees } from '../company/employees.js';
import { type Html, html } from '../html.js';
import { ledgerPart, playPage, stepList } from '../stage/step-list.js';
import { COUNT } from './play.js';
import { RolloutState } from './state.js';

const SETTINGS: Readonly<Record<string, string>> = {
  domain: 'domain proved',
  alias: 'addresses led to the company',
  show_as_button: 'the company’s sign-in is offered',
  auto_membership: 'strangers become members',
};

function shown(value: unknown): string {
  if (value === true || value === false) return value ? 'on' : 'off';
  return value === null ? 'none' : String(value);
}

function badge(name: PlanPerson['class']): Html {
  const look = needsHuman(name, 'vestibule');
  return html`<span class="badge${look && ' look'}">${CLASS_WORDS[name].title}</span>`;
}

function planPart(plan: Plan | undefined, state: RolloutState): Html {
  if (plan === undefined) return html`<p class="empty">Not planned yet.</p>`;
  const totals = orderTotals(plan.head.totals).map(
    ([name, count]) =>
      html`<tr><td>${count}</td><th scope="row">${badge(name)}<p>${CLASS_WORDS[name].sees}</p></th></tr>`,
  );
  const settings = plan.head.settings.map(({ id, before, after }) => {
    const mark = state.marks.get(`setting:${id}`);
    const now = mark === 'done' ? 'changed' : mark === 'undone' ? 'as before' : 'waits';
    return html`<tr><th scope="row">${SETTINGS[id.split(':')[0] ?? ''] ?? id}</th><td>${shown(before)} → ${shown(after)}</td><td>${now}</td></tr>`;
  });
  return html`<table class="totals"><thead><tr><th scope="col">people</th><th scope="col">what happens, and what they see</th></tr></thead><tbody>${totals}</tbody></table>
    <table class="settings"><thead><tr><th scope="col">setting</th><th scope="col">change</th><th scope="col">now</th></tr></thead><tbody>${settings}</tbody></table>`;
}

/** Returns the way in which a person can sign in at this moment. */
function nowOf(state: RolloutState, person: PlanPerson | undefined): { kind: string; says: string } {
  const mark = state.marks.get(person?.user_id ?? '');
  const visit = state.visits.get(person?.email ?? '');
  if (mark === 'undone') return { kind: 'before', says: 'password, as before' };
  if (visit?.inside) return { kind: 'in', says: 'signed in there: same user' };
  if (mark === 'done') return { kind: 'moved', says: 'password or company' };
  if (mark === 'begun' || mark === 'undoing') return { kind: 'open', says: 'under way' };
  return { kind: 'before', says: person?.class === 'blocked' ? 'blocked' : 'password' };
}

function peoplePart(state: RolloutState): Html {
  const planned = new Map(state.plan?.people.map((person) => [person.email, person]));
  const rows = listEmployees(COUNT).map(({ email, name, userId }) => {
    const person = planned.get(email);
    const now = nowOf(state, person);
    const [local, domain] = email.split('@');
    return html`<tr data-user="${userId}"><th scope="row">${name}<small>${local}<wbr>@${domain}</small></th><td>${person ? badge(person.class) : ''}</td>
      <td><span class="now ${now.kind}">${now.says}</span></td></tr>`;
  });
  return html`<div class="window" tabindex="0" role="region" aria-label="Fifty people"><table class="people"><thead><tr><th scope="col">person</th><th scope="col">in the plan</th><th scope="col">way in now</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function difference({ ledger }: RolloutState): Html {
  if (ledger === undefined) return html`<p class="empty">Counted when everything is rolled back.</p>`;
  return ledgerPart(ledger, 'What is left: the three sign-ins, and that settings were changed twice');
}

const WORDS = {
  path: '/rollout',
  title: 'a company moves to single sign-on',
  heading: '13 A whole company moves to single sign-on, and back',
  lead: html`Globex has fifty people with passwords, and an identity provider. <code>vestibule rollout</code> plans the move, makes it, is killed
      on the way and goes on, checks it, and takes it back. On Auth0 the same by inbound SCIM and account linking.`,
  note: html`The command moves a thousand people a call; here it is five, so that one can watch. To do it by hand with five hundred, and on a tenant of
    Auth0: <code>docs/guides/move-to-sso.md</code>. A play begins with a new company, and removes everybody else from Globex.`,
};

/** Renders the page. `state` is that of the last play, if there was one. */
export function rolloutPage(addresses: Addresses, state: RolloutState | undefined): string {
  const now = state ?? new RolloutState();
  const board = html`${stepList(now)}
    <section aria-labelledby="the-plan"><h2 id="the-plan">The plan</h2>${planPart(now.plan, now)}
      <h2>The whole database, before and after</h2>${difference(now)}</section>
    <section aria-labelledby="the-people"><h2 id="the-people">Fifty people</h2>${peoplePart(now)}</section>`;
  return playPage(addresses, state, WORDS, board);
}
