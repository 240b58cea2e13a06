/**
 * The type of the texts of mails, in Liquid, shared by both forms: render.ts puts the same sentences into plain text
 * and HTML. Never holds markup: the layouts are in layouts.ts.
 *
 * The order is always the same: the event, the one action, expiry and origin, and the advice for a person who did not
 * ask for it.
 */
import type { MailTemplate } from '../../ports/mailer.js';

export interface MailWords {
  readonly subject: string;
  readonly heading: string;
  /** Lines before the button. */
  readonly lead: readonly string[];
  /** Label of the button; its address is the variable `url`. Without an address there is no button. */
  readonly button?: string;
  /** True when the mail is about a code, shown large. */
  readonly code?: true;
  /**
   * Lines after the button: expiry, origin, and the advice for a person who did not ask for it. Empty lines are left
   * out.
   */
  readonly notes: readonly string[];
}

/** All texts of one language; a missing one does not compile. */
export interface MailLanguage {
  /** A time, with `moment` as the language writes it. */
  readonly moment: string;
  /** Text before the address below the button. */
  readonly buttonHint: string;
  readonly footer: string;
  readonly mails: Readonly<Record<MailTemplate, MailWords>>;
}
