/**
 * The page of story 15: the steps with their promises, the pages that the administrator saw, and the rows that differ
 * at the end.
 */
import type { Addresses } from '../addresses.js';
import { type Html, html } from '../html.js';
import { ledgerPart, playPage, stepList } from '../stage/step-list.js';
import { SetUpState } from './state.js';

function pagesPart({ pages }: SetUpState): Html {
  if (pages.length === 0) return html`<p class="empty">No page yet.</p>`;
  const items = pages.map(({ did, says }) => html`<tr><th scope="row">${did}</th><td>${says}</td></tr>`);
  return html`<table class="seen"><thead><tr><th scope="col">Ann</th><th scope="col">the page says</th></tr></thead><tbody>${items}</tbody></table>`;
}

function difference({ ledger }: SetUpState): Html {
  if (ledger === undefined) return html`<p class="empty">Counted when it is switched off again.</p>`;
  return ledgerPart(ledger, 'What is left: the connection, switched off, two identities, and the sign-ins themselves');
}

const WORDS = {
  path: '/set-up',
  title: 'a customer connects their own identity provider',
  heading: '15 The customer connects their own identity provider',
  lead: html`Initech’s administrator has a link, and no account. With it they choose the provider, try a sign-in that writes nothing, and switch it on: for
      a pilot group, for everybody, and off. Elsewhere the values go by mail, and the first test is the first outage.`,
  note: html`Initech’s domain is confirmed by the operator here, since the demo has no name server; a customer proves it with a TXT record. To do it by hand:
    <code>docs/guides/set-up-by-customer.md</code>. A play begins with a new Initech, whose identity provider runs until the end of the play.`,
};

/** Renders the page. `state` is that of the last play, if there was one. */
export function setUpPage(addresses: Addresses, state: SetUpState | undefined): string {
  const now = state ?? new SetUpState();
  const board = html`${stepList(now)}
    <section aria-labelledby="the-pages"><h2 id="the-pages">The administrator’s pages</h2>${pagesPart(now)}</section>
    <section aria-labelledby="the-database"><h2 id="the-database">The whole database, before and after</h2>${difference(now)}</section>`;
  return playPage(addresses, state, WORDS, board);
}
