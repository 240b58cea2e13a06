/**
 * Sends one mail through a mail server. Knows nothing of the outbox: the worker decides about retries. Never writes a
 * code or a link into an error.
 */
import { isIP } from 'node:net';
import type { createTransport } from 'nodemailer';
import { type MailProvider, type MailSender, parseSender } from '../domain/mail/mail-provider.js';
import { Fault } from '../kernel/errors.js';
import type { OutgoingMail } from '../ports/mailer.js';
import type { RenderedMail } from './render.js';

export interface SmtpSender {
  /**
   * Resolves when the server has accepted the mail. Throws {@link Fault}: retryable when the server could not be
   * reached or asked to retry later (4xx), not when it refused permanently (5xx) or the login failed.
   */
  send(mail: OutgoingMail): Promise<void>;
  /** Closes the open connections to the mail server. */
  close(): void;
}

/** Options of nodemailer that name a server and how to reach it. */
export type SmtpConnection = Readonly<Record<string, unknown>>;

/** Milliseconds without an answer after which a server counts as down. */
const TIMEOUT_MS = 10_000;

/** Time limits for sending a mail and for testing a server. */
export const SMTP_TIMEOUTS = {
  connectionTimeout: TIMEOUT_MS,
  greetingTimeout: TIMEOUT_MS,
  socketTimeout: TIMEOUT_MS * 2,
} as const;

/**
 * True when the connection must be encrypted before the password is sent. Attack (STARTTLS stripping): a man in the
 * middle removes the offer and reads password and mails. Exempt are only this machine and `?requireTLS=false`.
 */
function needsTls(url: URL): boolean {
  const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  return url.username !== '' && !loopback && !url.searchParams.has('requireTLS');
}

/** Returns the domain of an address, for Message-ID. */
function senderDomain(address: string): string {
  return /@([^\s<>@]+)$/.exec(address)?.[1] ?? 'localhost';
}

/** Returns the fault of a mail server's error: retryable when it may accept the mail later. */
export function toFault(error: unknown): Fault {
  const { responseCode, code, message } = error as { responseCode?: number; code?: string; message?: string };
  const permanent = (responseCode !== undefined && responseCode >= 500) || code === 'EAUTH';
  const said = String(message ?? error).slice(0, 300);
  return new Fault(code === 'ETIMEDOUT' ? 'timeout' : 'network', `mail server: ${said}`, !permanent, { cause: error });
}

interface MailServer {
  readonly connection: SmtpConnection;
  readonly from: MailSender;
  readonly headers?: Readonly<Record<string, string>>;
  readonly render: Render;
}

/** Function that writes a mail's subject and text; `from` replaces the server's sender. */
export type Render = (
  mail: OutgoingMail,
) => (RenderedMail & { readonly from?: MailSender }) | Promise<RenderedMail & { readonly from?: MailSender }>;

/** Opens a pool of connections. The package is loaded with the first mail: no sign-in waits for it. */
async function openTransport(connection: SmtpConnection) {
  const nodemailer = await import('nodemailer');
  return nodemailer.createTransport({
    ...connection,
    pool: true,
    maxConnections: 2,
    ...SMTP_TIMEOUTS,
    // Forbids fields that name a file or a URL to read from.
    disableFileAccess: true,
    disableUrlAccess: true,
  } as Parameters<typeof createTransport>[0]);
}

function createSender({ connection, from, headers, render }: MailServer): SmtpSender {
  let opened: ReturnType<typeof openTransport> | undefined;
  return {
    async send(mail) {
      const { from: own, ...rendered } = await render(mail);
      const sender = own ?? from;
      opened ??= openTransport(connection);
      try {
        const transport = await opened;
        await transport.sendMail({
          from: sender,
          // Passed as an object, so that an address is never parsed as a list of addresses.
          to: { name: '', address: mail.to },
          ...rendered,
          // The id is the same for every attempt. So a mail program shows a mail that was sent twice only once.
          messageId: `<${mail.id}@${senderDomain(sender.address)}>`,
          // RFC 3834: no automatic replies, such as holiday notes.
          headers: { ...headers, 'Auto-Submitted': 'auto-generated' },
        });
      } catch (error) {
        throw toFault(error);
      }
    },
    close: () => void opened?.then((transport) => transport.close()),
  };
}

const inEnglish: Render = async (mail) => (await import('./render.js')).renderMail(mail);

/** Converts SMTP_URL into nodemailer's options. */
export function toConnection(smtpUrl: string): SmtpConnection {
  return { url: smtpUrl, ...(needsTls(new URL(smtpUrl)) ? { requireTLS: true } : {}) };
}

/**
 * Returns a sender for `smtpUrl` (`smtp://user:password@host:587`, `smtps://…`; options of nodemailer as query
 * parameters, such as `tls.servername`). `from` is an address or `Name <address>`.
 */
export function createSmtpSender(options: {
  readonly smtpUrl: string;
  readonly from: string;
  /** Renders each mail; by default with the built-in English texts. */
  readonly render?: Render;
}): SmtpSender {
  return createSender({
    connection: toConnection(options.smtpUrl),
    from: parseSender(options.from) ?? { name: '', address: options.from },
    render: options.render ?? inEnglish,
  });
}

/** The port for implicit TLS (RFC 8314 section 3.3). */
const IMPLICIT_TLS = 465;

/** A permitted address of the tenant's mail server, and whether it is in a network that the operator allowed. */
export interface ProviderPlace {
  readonly address: string;
  readonly isTrusted: boolean;
}

/**
 * Returns the connection for the tenant's own mail server. Uses the permitted `address`, so that the name is not
 * resolved a second time. Sends a password only over TLS, unless the operator allowed the server's network
 * (`isTrusted`).
 */
export function toProviderConnection(
  { host, port, username, password }: MailProvider,
  { address, isTrusted }: ProviderPlace,
): SmtpConnection {
  return {
    host: address,
    port,
    secure: port === IMPLICIT_TLS,
    // Against STARTTLS stripping, as in {@link needsTls}.
    ...(username !== undefined && !isTrusted && { requireTLS: true }),
    ...(username !== undefined && { auth: { user: username, pass: password ?? '' } }),
    ...(isIP(host) === 0 && { tls: { servername: host } }),
  };
}

/** Returns a sender for the tenant's own mail server. */
export function createProviderSender(
  provider: MailProvider,
  place: ProviderPlace,
  { from, render }: { readonly from: string; readonly render: Render },
): SmtpSender {
  const { headers, defaultFrom = from } = provider;
  return createSender({
    connection: toProviderConnection(provider, place),
    from: parseSender(defaultFrom) ?? { name: '', address: defaultFrom },
    headers,
    render,
  });
}
