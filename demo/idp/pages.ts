/**
 * The people of a company's identity provider, and the pages on which they choose who they are. There are no passwords:
 * everybody at this machine may be anybody. Knows no protocol.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Html, html, page } from '../html.js';

export interface IdpAccount {
  readonly login: string;
  readonly name: string;
  readonly email: string;
}

export interface IdpOptions {
  readonly issuer: string;
  readonly company: string;
  readonly accounts: readonly IdpAccount[];
  /** Finds further accounts by login or address, if there are too many for buttons. */
  readonly findMore?: (typed: string) => IdpAccount | undefined;
  /** The provider asserts any typed address, as the administrator of a real one could. */
  readonly assertsAnything: boolean;
  readonly client: { readonly id: string; readonly secret: string; readonly callback: string };
  readonly stage: string;
}

const MAX_FORM_BYTES = 10_000;

/** Finds the account by its login or address; undefined if the provider has none. */
export function findAccount(options: IdpOptions, login: string): IdpAccount | undefined {
  const typed = login.trim().toLowerCase();
  const known = options.accounts.find((account) => account.login === typed || account.email === typed);
  const more = known ?? options.findMore?.(typed);
  if (more || !options.assertsAnything || !/^[^@\s]+@[^@\s]+$/.test(typed)) return more;
  return { login: typed, name: typed, email: typed };
}

/** The sign-in page at one moment. */
export interface SignIn {
  /** Address that gets `login` by POST. */
  readonly action: string;
  /** Initial text of the field: the login hint of the application, or the login that was typed before. */
  readonly typed: string;
  /** True for a login that the provider does not know. */
  readonly isUnknown?: boolean;
  /** Shows a button that sends `action=cancel`. */
  readonly canCancel: boolean;
}

/** Sends the sign-in page: a button for each account, and a field for any other. */
export function sendSignIn(response: ServerResponse, options: IdpOptions, signIn: SignIn): void {
  const { action, typed, isUnknown = false, canCancel } = signIn;
  const hinted = options.findMore?.(typed.toLowerCase());
  const people = [...options.accounts, ...(hinted ? [hinted] : [])].map(
    (
      account,
    ) => html`<button class="person${account.email === typed && ' hinted'}" name="login" value="${account.login}">
      <span class="face" data-who="${account.login}">${account.name[0]}</span>
      <span><b>${account.name}</b><br><small>${account.email}</small></span></button>`,
  );
  const label = options.assertsAnything ? 'or assert any address' : 'or type a login';
  const cancel = html`<form method="post" action="${action}"><button class="quiet" name="action" value="cancel">I have no account here: cancel</button></form>`;
  const body = html`<main>
      <p class="place">${options.company} · company sign-in</p>
      <h1>Who are you?</h1>
      <form method="post" action="${action}"><div class="people">${people}</div></form>
      <form method="post" action="${action}" class="typed">
        <label for="login">${label}</label>
        <div class="row"><input id="login" name="login" value="${typed}" autocomplete="off" spellcheck="false"><button>Sign in</button></div>
        ${isUnknown && html`<p class="problem" role="alert">${options.company} knows nobody of that name.</p>`}
      </form>
      ${canCancel && cancel}
    </main>`;
  sendPage(response, options, { status: isUnknown ? 400 : 200, title: `${options.company} sign-in`, body });
}

/** Sends the page that says why a sign-in cannot go on. */
export function sendProblem(response: ServerResponse, options: IdpOptions): void {
  const body = html`<main><h1>This sign-in is over</h1><p>Go back to the application and start again.</p></main>`;
  sendPage(response, options, { status: 400, title: options.company, body });
}

/** Sends the page for people who open the provider's address by themselves. */
export function sendFront(response: ServerResponse, options: IdpOptions): void {
  const people = options.accounts.map((account) => html`<li>${account.name}, ${account.email}</li>`);
  const more = options.findMore && html`<li>everybody in the company’s directory</li>`;
  const body = html`<main><p class="place">${options.company}</p><h1>Identity provider</h1>
      <p>Nobody signs in here directly: applications send people here. These can:</p><ul>${people}${more}</ul></main>`;
  sendPage(response, options, { status: 200, title: options.company, body });
}

interface IdpPage {
  readonly status: number;
  readonly title: string;
  readonly body: Html;
}

/** Sends a page in the style of identity providers. */
export function sendPage(response: ServerResponse, { stage }: IdpOptions, { status, title, body }: IdpPage): void {
  const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
  response.writeHead(status, headers).end(page({ title, kind: 'idp', stage, body }));
}

/** Reads a posted form. Throws for more than 10 kB. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MAX_FORM_BYTES) throw new Error('form too large');
  }
  return new URLSearchParams(text);
}
