/**
 * Sends by the tenant's own mail server while there is one, else by the environment's. A server that the tenant named may be reached at
 * permitted addresses alone, as any other server that customers name.
 */
import type { MailProvider } from '../domain/mail/mail-provider.js';
import { Fault } from '../kernel/errors.js';
import type { OutgoingMail } from '../ports/mailer.js';
import { createProviderSender, type Render, type SmtpSender } from './smtp.js';

export interface ProviderSenderOptions {
  /** The enabled server of the tenant; another `revision` for other settings. */
  readonly findProvider: () => Promise<{ readonly provider: MailProvider; readonly revision: string } | undefined>;
  /** A permitted address of a host, and whether it is in a network that the operator allowed. Throws {@link Fault}. */
  readonly findAddress: (host: string) => Promise<{ readonly address: string; readonly isTrusted: boolean }>;
  /** Of the environment, if it names one. */
  readonly fallback: SmtpSender | undefined;
  readonly from: string;
  readonly render: Render;
}

/** A sender whose server may change with every mail. */
export function createChoosingSender(options: ProviderSenderOptions): SmtpSender {
  const { findProvider, findAddress, fallback, from, render } = options;
  let current: { readonly key: string; readonly sender: SmtpSender } | undefined;
  const use = (key: string, make: () => SmtpSender): SmtpSender => {
    if (current?.key === key) return current.sender;
    // Mails under way keep their connections until they are sent.
    current?.sender.close();
    current = { key, sender: make() };
    return current.sender;
  };
  return {
    async send(mail: OutgoingMail) {
      const found = await findProvider();
      if (found !== undefined) {
        const place = await findAddress(found.provider.host);
        const key = `${found.revision} ${place.address}`;
        return use(key, () => createProviderSender(found.provider, place, { from, render })).send(mail);
      }
      // It was switched off after the mail was claimed.
      if (fallback === undefined) throw new Fault('network', 'there is no mail server', true);
      return fallback.send(mail);
    },
    close() {
      current?.sender.close();
      fallback?.close();
    },
  };
}
