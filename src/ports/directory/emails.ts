/** Port: the mail server of a tenant's own. */
import type { MailProvider } from '../../domain/mail-provider.js';

export interface EmailDirectory {
  findProvider(): Promise<MailProvider | undefined>;
  /** Throws {@link Conflict} when there is one. */
  createProvider(provider: MailProvider, at: Date): Promise<void>;
  updateProvider(provider: MailProvider, at: Date): Promise<void>;
  deleteProvider(): Promise<boolean>;
}
