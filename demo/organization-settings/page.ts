/**
 * The page of story 38: the steps with their promises, the requests of *Organization settings* with their answers, the rows
 * that differ at the end, and the same story by hand. Keeps no state of its own.
 */
import type { Addresses } from '../addresses.js';
import { type Html, html } from '../html.js';
import { SAML } from '../idp/saml.js';
import { CAST, PASSWORD } from '../people.js';
import { ledgerPart, playPage, stepList } from '../stage/step-list.js';
import { DOMAIN } from './acme.js';
import type { ProviderValues } from './play.js';
import { OwnSsoState } from './state.js';
import { ADA } from './tenant.js';

/** The texts beside the play. */
export interface Around {
  readonly acmeId: string;
  /** True if Acme has the operator's connection, as in every other story. */
  readonly isAsEver: boolean;
  readonly provider: ProviderValues;
}

export const OWN_SSO_PATH = '/own-sso';

const WORDS = {
  path: OWN_SSO_PATH,
  title: 'Acme turns on its own SSO',
  heading: '38 Acme turns on its own SSO',
  live: true,
  lead: html`Acme’s administrator opens <i>Organization settings</i> in the application: proves the domain, connects the company’s identity provider, uses it
      for the domain, tries it, then leads everybody there. The operator does nothing. Dana stays who she was, and the stranger leaves zeros.`,
  note: html`The page is <code>examples/organization-settings</code>, which you may copy; the play sends its requests, by hand you click. To offer it to your own
    customers: <code>docs/guides/set-up-by-customer.md</code>. Acme’s domain exists in the name server of this demo alone.`,
};

function answersPart({ answers }: OwnSsoState): Html {
  if (answers.length === 0) return html`<p class="empty">No request yet.</p>`;
  const items = answers.map(
    ({ name, did, request, says }) =>
      html`<tr><th scope="row">${name} ${did}</th><td><code>${request}</code><br>${says}</td></tr>`,
  );
  return html`<table class="seen"><thead><tr><th scope="col">who</th><th scope="col">request, and its answer</th></tr></thead><tbody>${items}</tbody></table>`;
}

function difference({ ledger }: OwnSsoState): Html {
  if (ledger === undefined) return html`<p class="empty">Counted when it is switched off again.</p>`;
  return ledgerPart(
    ledger,
    'What is left: two connections, switched off, the domain, Ivy, and the sign-ins themselves',
  );
}

const press = (name: string, words: string): Html =>
  html`<form method="post" action="${OWN_SSO_PATH}/${name}"><button class="press" id="${name}">${words}</button></form>`;

function byHand(addresses: Addresses, { acmeId, isAsEver, provider }: Around): Html {
  const loginOf = (email: string) =>
    `${addresses.application}/login?${new URLSearchParams({ organization: acmeId, login_hint: email, prompt: 'login' })}`;
  const opens = (to: string, id: string, words: string) =>
    html`<a class="press" id="${id}" href="${to}" target="_blank">${words}</a>`;
  return html`<section class="hand" aria-labelledby="by-hand"><h2 id="by-hand">By hand</h2>
    <p class="says">Ada is <code>${ADA.email}</code>. Everybody’s password is <code>${PASSWORD}</code>.</p>
    <ol>
      <li>${press('begin', 'Take Acme’s SSO away')}<p>Begins with a new Ada and Dana.
        <span id="required" role="status">Acme ${isAsEver ? 'has the operator’s connection now.' : 'has no connection of the operator now.'}</span></p></li>
      <li>${opens(loginOf(ADA.email), 'ada', 'Ada signs in')}<p>With the password. In the application press <i>Organization settings</i>.</p></li>
      <li>${press('publish', 'Publish the TXT record')}<p>Under <i>Domains</i> add <code>${DOMAIN}</code> first. Then verify it.</p></li>
      <li><p><b>Connect the provider</b> under <i>Identity providers</i>: the kind is OpenID Connect, title and short name are up to you, the address is <code id="issuer">${addresses.acmeIdp}</code>, client ID
        <code id="client-id">${provider.clientId}</code>, client secret <code id="client-secret">${provider.clientSecret}</code>. Press <i>Use for ${DOMAIN}</i>, try it, then <i>Lead everybody to Acme</i>.
        By SAML: the kind is SAML, and the metadata address <code id="metadata">${addresses.acmeIdp}${SAML.metadata}</code> is all it needs.</p></li>
      <li>${opens(loginOf(CAST.dana.email), 'dana', 'Dana signs in')}<p>In a private window: her address leads to Acme, and she is who she was.</p></li>
      <li>${opens(loginOf(CAST.sam.email), 'sam', 'Sam tries')}<p>A stranger of the same company.</p></li>
      <li>${press('end', 'Acme as ever')}<p>Each other story does this by itself.</p></li>
    </ol></section>`;
}

/** Renders the page. `state` is that of the last play, if there was one. */
export function ownSsoPage(addresses: Addresses, state: OwnSsoState | undefined, around: Around): string {
  const now = state ?? new OwnSsoState();
  const board = html`${stepList(now)}
    <section aria-labelledby="the-requests"><h2 id="the-requests">The requests of the page</h2>${answersPart(now)}</section>
    <section aria-labelledby="the-database"><h2 id="the-database">The whole database, before and after</h2>${difference(now)}</section>`;
  return playPage(addresses, state, WORDS, html`${board}${byHand(addresses, around)}`);
}
