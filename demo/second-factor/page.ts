/**
 * The page of story 36: the steps with their promises, Nora's phone and paper, the login log, and the same story by
 * hand. Keeps no state of its own.
 */
import type { Addresses } from '../addresses.js';
import { type Html, html } from '../html.js';
import { CAST, PASSWORD } from '../people.js';
import { playPage, stepList } from '../stage/step-list.js';
import type { PhoneAndPaper } from './phone-and-paper.js';
import type { ToldLine } from './requirement.js';
import { SecondFactorState } from './state.js';

/** The texts beside the play. */
export interface Around {
  readonly acmeId: string;
  /** The client id of the demo's application. */
  readonly clientId: string;
  readonly isRequired: boolean;
  readonly lines: readonly ToldLine[];
  readonly phone: PhoneAndPaper;
}

const WORDS = {
  path: '/second-factor',
  title: 'a customer requires a second factor',
  heading: '36 Acme requires a second factor',
  live: true,
  lead: html`One click, and a password alone opens nothing at Acme any more. Nora sets up an app or a passkey in the next sign-in, loses it, comes back
      by a recovery code and cleans up. A stranger who knows the password leaves one line.`,
  note: html`The page plays with the app; by hand a passkey works as well, if your browser or device has them. To do the same with your own people:
    <code>docs/guides/second-factor.md</code>. The console of this demo needs no factor, and its first page says so.`,
};

function phonePart({ phone }: Around): Html {
  const codes = phone.codes();
  const paper = phone.recoveryCode();
  const shown =
    codes.length === 0
      ? html`<p class="empty">No account yet. The app scans each picture that a page shows.</p>`
      : html`<ul class="codes">${codes.map(
          ({ account, code }) =>
            html`<li><code class="big">${code.slice(0, 3)} ${code.slice(3)}</code> <span>${account}</span></li>`,
        )}</ul><p class="says">New codes in <b>${phone.secondsLeft()} s</b>. The server takes each code once.</p>`;
  return html`<h2 id="the-phone">Nora’s phone</h2>${shown}<h2>Nora’s paper</h2>
    ${paper === undefined ? html`<p class="empty">No recovery code yet.</p>` : html`<p><code class="paper">${paper.replace(/(.{4})(?=.)/g, '$1 ')}</code></p>`}`;
}

function logLine({ says, code, reference, at, type }: ToldLine): Html {
  return html`<tr data-type="${type}"><td><time>${at}</time></td><td>${says}${code && html`<br><code>${code}</code> ${reference}`}</td></tr>`;
}

function logPart({ lines }: Around): Html {
  if (lines.length === 0) return html`<p class="empty">No line yet.</p>`;
  return html`<table class="told"><caption>The newest first, times in UTC</caption><thead><tr><th scope="col">time</th><th scope="col">somebody with Nora’s password</th></tr></thead><tbody>${lines.map(logLine)}</tbody></table>`;
}

function seenPart({ pages }: SecondFactorState): Html {
  if (pages.length === 0) return html``;
  const items = pages.map(({ name, did, says }) => html`<tr><th scope="row">${name} ${did}</th><td>${says}</td></tr>`);
  return html`<h2>The pages of the play</h2><table class="seen"><thead><tr><th scope="col">who</th><th scope="col">the page says</th></tr></thead><tbody>${items}</tbody></table>`;
}

const press = (path: string, words: string, id: string): Html =>
  html`<form method="post" action="${path}"><button class="press" id="${id}">${words}</button></form>`;

const console = html`<form method="post" action="/stage/administrator"><button class="press" id="console" name="to" value="settings">Acme’s settings, as Olga</button></form>`;

function byHand(addresses: Addresses, { acmeId, clientId, isRequired }: Around): Html {
  const query = { organization: acmeId, login_hint: CAST.nora.email, prompt: 'login' };
  const login = `${addresses.application}/login?${new URLSearchParams(query)}`;
  const account = `${addresses.vestibule}/account?${new URLSearchParams({ client_id: clientId, organization: acmeId })}`;
  const opens = (to: string, id: string, words: string) =>
    html`<a class="press" id="${id}" href="${to}" target="_blank">${words}</a>`;
  return html`<section class="hand" aria-labelledby="by-hand"><h2 id="by-hand">By hand</h2>
    <p class="says">Nora is <code>${CAST.nora.email}</code>, with the password <code>${PASSWORD}</code>. The log has a line for each step.</p>
    <ol>
      <li>${press('/second-factor/require', 'Require a second factor', 'require')}<p>Begins with a new Nora.
        <span id="required" role="status">Acme ${isRequired ? 'requires a second factor now.' : 'requires none now.'}</span></p></li>
      <li>${console}<p>The same setting in the console.</p></li>
      <li>${opens(login, 'sign-in', 'Nora signs in')}<p>Choose <i>Use a password instead</i>. Then make a passkey, or set up the app: the phone above scans the picture by itself.</p></li>
      <li>${opens(login, 'again', 'Nora signs in again')}<p>Answer with the passkey or the app. In a private window this is a second session.</p></li>
      <li>${press('/second-factor/stranger', 'A stranger tries', 'stranger')}<p>They know the password and guess until the sign-in is over. The log has one line more.</p></li>
      <li>${press('/second-factor/lose', 'Nora loses the phone', 'lose')}<p>Sign in again, with <i>Use a recovery code</i> and the code from the paper.</p></li>
      <li>${opens(account, 'account', 'The account page')}<p>End all other sessions, and set up a new factor.</p></li>
      <li>${press('/second-factor/none', 'Require none again', 'none')}<p>Each other story does this by itself.</p></li>
    </ol></section>`;
}

/** Renders the page. `state` is that of the last play, if there was one. */
export function secondFactorPage(addresses: Addresses, state: SecondFactorState | undefined, around: Around): string {
  const now = state ?? new SecondFactorState();
  const board = html`${stepList(now)}
    <section id="phone" aria-labelledby="the-phone">${phonePart(around)}</section>
    <section id="log" aria-labelledby="the-log"><h2 id="the-log">What the operator sees: the log</h2>${logPart(around)}${seenPart(now)}</section>`;
  return playPage(addresses, state, WORDS, html`${board}${byHand(addresses, around)}`);
}
