/**
 * The form of the words of mails, in Liquid, once for both forms: render.ts puts the same sentences into plain text and HTML. Never holds
 * markup: the layouts are in layouts.ts.
 *
 * The order is always the same: the event, the one thing to do, expiry and origin, and the advice for a person who did not ask for it.
 */
import type { MailTemplate } from '../../ports/mailer.js';

export interface MailWords {
  readonly subject: string;
  readonly heading: string;
  /** Before the button. */
  readonly lead: readonly string[];
  /** Label of the one button; its address is the variable `url`. Without an address there is no button. */
  readonly button?: string;
  /** True when the mail is about a code, shown large. */
  readonly code?: true;
  /** After the button: expiry, origin, and the advice for a person who did not ask for it. A line that comes out empty is left out. */
  readonly notes: readonly string[];
}

/** All words of one language; a missing one does not compile. */
export interface MailLanguage {
  /** A time, with `moment` as the language writes it. */
  readonly moment: string;
  /** Before the address below the button. */
  readonly buttonHint: string;
  readonly footer: string;
  readonly mails: Readonly<Record<MailTemplate, MailWords>>;
}
