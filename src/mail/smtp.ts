/**
 * Sends one mail through a mail server. Knows nothing of the outbox: the worker decides whether and when to try again. Never writes a code
 * or a link into an error.
 */
import { createTransport } from 'nodemailer';
import { Fault } from '../kernel/errors.js';
import type { OutgoingMail } from '../ports/mailer.js';
import { type RenderedMail, renderMail } from './render.js';

export interface SmtpSender {
  /**
   * Hands the mail over to the server. Resolves when the server has taken it. Throws {@link Fault}: retryable when the
   * server could not be reached or asked to try later (4xx), not when it refused for good (5xx) or the login failed.
   */
  send(mail: OutgoingMail): Promise<void>;
  /** Ends the open connections. */
  close(): void;
}

/** Milliseconds without an answer after which a server counts as down. */
const TIMEOUT_MS = 10_000;

/**
 * True when the connection must be encrypted before the password is sent. Stops STARTTLS stripping: a man in the middle
 * who removes the offer would get password and mails in the clear. Only this machine is exempt, or `?requireTLS=false`.
 */
function needsTls(url: URL): boolean {
  const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  return url.username !== '' && !loopback && !url.searchParams.has('requireTLS');
}

/** The domain of `Name <address@domain>`, for Message-ID. */
function senderDomain(from: string): string {
  return /@([^\s<>@]+?)>?\s*$/.exec(from)?.[1] ?? 'localhost';
}

function toFault(error: unknown): Fault {
  const { responseCode, code, message } = error as { responseCode?: number; code?: string; message?: string };
  const permanent = (responseCode !== undefined && responseCode >= 500) || code === 'EAUTH';
  const said = String(message ?? error).slice(0, 300);
  return new Fault(code === 'ETIMEDOUT' ? 'timeout' : 'network', `mail server: ${said}`, !permanent, { cause: error });
}

/**
 * A sender for `smtpUrl` (`smtp://user:password@host:587`, `smtps://…`; options of nodemailer as query parameters, such as
 * `tls.servername`). `from` is an address or `Name <address>`.
 */
export function createSmtpSender(options: {
  readonly smtpUrl: string;
  readonly from: string;
  /** The words of a mail; without it they are English. */
  readonly render?: (mail: OutgoingMail) => RenderedMail | Promise<RenderedMail>;
}): SmtpSender {
  const render = options.render ?? ((mail) => renderMail(mail));
  const domain = senderDomain(options.from);
  const transport = createTransport({
    url: options.smtpUrl,
    pool: true,
    maxConnections: 2,
    ...(needsTls(new URL(options.smtpUrl)) ? { requireTLS: true } : {}),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS * 2,
    // No field of a message may name a file or an address to read from.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(mail) {
      const rendered = await render(mail);
      try {
        await transport.sendMail({
          from: options.from,
          // As an object: an address is never parsed as a list of several.
          to: { name: '', address: mail.to },
          ...rendered,
          // The same for every attempt, so that a mail sent twice is shown once.
          messageId: `<${mail.id}@${domain}>`,
          // RFC 3834: no automatic replies, such as holiday notes.
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
      } catch (error) {
        throw toFault(error);
      }
    },
    close: () => transport.close(),
  };
}
