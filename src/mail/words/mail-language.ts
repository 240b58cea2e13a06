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
  /** Lines above the code or the button. */
  readonly lead: readonly string[];
  /** Label of the button; its address is the variable `url`. Without an address there is no button. */
  readonly button?: string;
  /** True when the mail is about a code, shown large. */
  readonly code?: true;
  /**
   * Lines below the code or the button: expiry, origin, and advice for a person who did not ask for the mail. Empty
   * lines are left out.
   */
  readonly notes: readonly string[];
}

/** All texts of one language; a missing text does not compile. */
export interface MailLanguage {
  /** Pattern of a time, in which `moment` stands for the formatted time. */
  readonly moment: string;
  /** Text that introduces the address below the button. */
  readonly buttonHint: string;
  readonly footer: string;
  readonly mails: Readonly<Record<MailTemplate, MailWords>>;
}
