/** The tenant's own mail server. */

export interface MailProvider {
  readonly enabled: boolean;
  /** `address` or `Name <address>`; if undefined, mails have the sender from the server's environment. */
  readonly defaultFrom: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Headers of every mail, for the mail relay (such as `X-SES-Configuration-Set`). */
  readonly headers: Readonly<Record<string, string>>;
}

/** The sender of mails: an address, with or without a display name. */
export interface MailSender {
  readonly name: string;
  readonly address: string;
}

const SENDER = /^(?:([^<>]{0,200})<([^<>\s]{3,320})>|([^<>\s]{3,320}))$/;

/**
 * Parses `address` or `Name <address>`. Undefined for anything else: a second address, a line break or a comment would
 * change the meaning of a mail's header.
 */
export function parseSender(text: string): MailSender | undefined {
  const [, name = '', named, bare] = SENDER.exec(text.trim()) ?? [];
  const address = named ?? bare ?? '';
  if (!/^[^@\s,;:"()[\]\\]+@[^@\s,;:"()[\]\\]+$/.test(address) || /[\p{Cc}]/u.test(name)) return undefined;
  return { name: name.trim().replace(/^"(.*)"$/, '$1'), address };
}
