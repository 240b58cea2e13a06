/**
 * The texts that a tenant writes for its mails, by Auth0's names. They are written in Liquid, which only src/mail
 * renders.
 */

/** One of Auth0's names of mail templates (Management API, `EmailTemplateNameEnum`). */
export type TemplateName = string;

/** Template names for the mail with a link for a new password; the first one that the tenant has written counts. */
export const RESET_NAMES: readonly TemplateName[] = ['reset_email', 'change_password'];

/** Template name for the mail about a block after too many wrong passwords. */
export const BLOCKED_NAMES: readonly TemplateName[] = ['blocked_account'];

/** Template name for the mail with a link that sets up a second factor. */
export const ENROLLMENT_NAME: TemplateName = 'enrollment_email';

export interface OwnWords {
  readonly name: TemplateName;
  /** The mail's text: HTML in Liquid. */
  readonly body: string | null;
  /** The sender: an address, with or without a display name, in Liquid. */
  readonly from: string | null;
  /** The subject: one line in Liquid. */
  readonly subject: string | null;
  readonly resultUrl: string | null;
  readonly syntax: string | null;
  readonly urlLifetimeSeconds: number | null;
  readonly includeEmailInRedirect: boolean | undefined;
  readonly enabled: boolean | null;
}

/** Maximum number of characters of a body; usual bodies have about ten thousand. */
export const MAX_BODY_CHARACTERS = 200_000;
export const MAX_LINE_CHARACTERS = 1_000;

/** The parts of a mail's texts that the Liquid check covers. */
export type WordsToCheck = Pick<OwnWords, 'body' | 'from' | 'subject'>;

/** Returns why the texts cannot be used, in one sentence without a full stop; undefined when they can. */
export type CheckWords = (words: WordsToCheck) => Promise<string | undefined>;
