/**
 * The mailbox page: every mail that Vestibule would have sent, newest first, so that readers can use links and codes by
 * hand.
 */
import type { Server } from '../src/compose/server.js';
import { type RenderedMail, renderMail } from '../src/mail/render.js';
import { html, page } from './html.js';

type KeptMail = Awaited<ReturnType<Server['listKeptMail']>>[number];

function timeOf(at: Date): string {
  return at.toISOString().slice(0, 19).replace('T', ' ');
}

/** Returns the link of the mail, if it has one. */
function findLink(kept: KeptMail): string | undefined {
  const { url } = kept.mail.model;
  return typeof url === 'string' && /^https?:/.test(url) ? url : undefined;
}

/** Renders the list of all mails. `stage` is the origin of the pages. */
export function mailboxPage(kept: readonly KeptMail[], stage: string): string {
  const items = kept.map(
    (item) => html`<li><a href="/mail/${item.mail.id}"><b>${renderMail(item.mail).subject}</b>
      <span>to ${item.mail.to}</span><time>${timeOf(item.createdAt)} UTC</time></a></li>`,
  );
  return page({
    title: 'Mailbox',
    kind: 'mail',
    stage,
    body: html`<header><a href="/" target="_top">Stage</a><span>mailbox of everybody in the demo</span></header>
      <main class="wide"><h1>Mailbox</h1>
      ${kept.length === 0 ? html`<p>No mail yet. Invite somebody, or play story 01 on the <a href="/">stage</a>.</p>` : html`<ul class="mails">${items}</ul>`}
      </main>`,
  });
}

/** Renders one mail: its text in a frame without any rights, and its link and code next to it. */
export function mailPage(kept: KeptMail, stage: string): string {
  const mail: RenderedMail = renderMail(kept.mail);
  const link = findLink(kept);
  const { code } = kept.mail.model;
  return page({
    title: mail.subject,
    kind: 'mail',
    stage,
    body: html`<header><a href="/mail">Mailbox</a><span>to ${kept.mail.to}</span></header>
      <main class="wide"><h1>${mail.subject}</h1>
      <p class="act">${link && html`<a class="button" id="follow" href="${link}">Open the link</a>`}
        ${typeof code === 'string' && html`<code class="big">${code}</code>`}
        <time>${timeOf(kept.createdAt)} UTC</time></p>
      <iframe sandbox title="The mail" srcdoc="${mail.html}"></iframe>
      </main>`,
  });
}
