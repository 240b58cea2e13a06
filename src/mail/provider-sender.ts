/**
 * Sends through the tenant's own mail server if it has one, otherwise through the environment's. The tenant's server
 * must have a permitted address, like any other server that customers name.
 */
import type { MailProvider } from '../domain/mail/mail-provider.js';
import { Fault } from '../kernel/errors.js';
import type { OutgoingMail } from '../ports/mailer.js';
import { createProviderSender, type Render, type SmtpSender } from './smtp.js';

export interface ProviderSenderOptions {
  /** Returns the enabled server of the tenant. `revision` changes with its settings. */
  readonly findProvider: () => Promise<{ readonly provider: MailProvider; readonly revision: string } | undefined>;
  /**
   * Returns a permitted address of a host, and whether it is in a network that the operator allowed. Throws {@link
   * Fault}.
   */
  readonly findAddress: (host: string) => Promise<{ readonly address: string; readonly isTrusted: boolean }>;
  /** Sender for the environment's mail server, if it names one. */
  readonly fallback: SmtpSender | undefined;
  readonly from: string;
  readonly render: Render;
}

/** Returns a sender that looks for the current server before each mail, since the tenant may change it at any time. */
export function createChoosingSender(options: ProviderSenderOptions): SmtpSender {
  const { findProvider, findAddress, fallback, from, render } = options;
  let current: { readonly key: string; readonly sender: SmtpSender } | undefined;
  const use = (key: string, make: () => SmtpSender): SmtpSender => {
    if (current?.key === key) return current.sender;
    // Closing leaves connections of mails in progress open until these are sent.
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
      // The tenant's server was disabled after the mail was claimed.
      if (fallback === undefined) throw new Fault('network', 'there is no mail server', true);
      return fallback.send(mail);
    },
    close() {
      current?.sender.close();
      fallback?.close();
    },
  };
}
