/** Port: the mail server of a tenant's own, and its own words of mails. */
import type { MailProvider } from '../../domain/mail/mail-provider.js';
import type { OwnWords, TemplateName } from '../../domain/mail/mail-template.js';

export interface Sending {
  readonly status: 'pending' | 'completed' | 'failed';
  readonly createdAt: Date;
  /** The answer of the mail server at the last try, where it did not take the mail; `nextTryAt` is undefined after the last one. */
  readonly trouble:
    | { readonly tries: number; readonly reason: string; readonly nextTryAt: Date | undefined }
    | undefined;
}

export interface EmailDirectory {
  /** With another `revision` after each change. */
  findProvider(): Promise<(MailProvider & { readonly revision: string }) | undefined>;
  /** Throws {@link Conflict} when there is one. */
  createProvider(provider: MailProvider, at: Date): Promise<void>;
  updateProvider(provider: MailProvider, at: Date): Promise<void>;
  deleteProvider(): Promise<boolean>;
  /** Of a mail that a job sends, by the job's id; for a day after it was sent. */
  findSending(id: string): Promise<Sending | undefined>;
  findWords(name: TemplateName): Promise<OwnWords | undefined>;
  /** Throws {@link Conflict} when there are some of this name. */
  createWords(words: OwnWords, at: Date): Promise<void>;
  /** False when there are none of this name. */
  updateWords(words: OwnWords, at: Date): Promise<boolean>;
}
