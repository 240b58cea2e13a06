/** Port: the tenant's own mail server, and its own texts of mails. */
import type { MailProvider } from '../../domain/mail/mail-provider.js';
import type { OwnWords, TemplateName } from '../../domain/mail/mail-template.js';

export interface Sending {
  readonly status: 'pending' | 'completed' | 'failed';
  readonly createdAt: Date;
  /** The mail server's answer at the last try, if it refused the mail; `nextTryAt` is undefined after the last one. */
  readonly trouble:
    | { readonly tries: number; readonly reason: string; readonly nextTryAt: Date | undefined }
    | undefined;
}

export interface EmailDirectory {
  /** Finds the mail server; `revision` differs after each change. */
  findProvider(): Promise<(MailProvider & { readonly revision: string }) | undefined>;
  /** Stores the tenant's mail server. Throws {@link Conflict} when there is one already. */
  createProvider(provider: MailProvider, at: Date): Promise<void>;
  updateProvider(provider: MailProvider, at: Date): Promise<void>;
  deleteProvider(): Promise<boolean>;
  /** Finds the state of a mail that a job sends, by the job's id. It is kept for a day after the mail was sent. */
  findSending(id: string): Promise<Sending | undefined>;
  findWords(name: TemplateName): Promise<OwnWords | undefined>;
  /** Stores the tenant's texts for a mail. Throws {@link Conflict} when there are texts with this name. */
  createWords(words: OwnWords, at: Date): Promise<void>;
  /** Replaces the tenant's texts for a mail. Returns false when there are none of this name. */
  updateWords(words: OwnWords, at: Date): Promise<boolean>;
}
