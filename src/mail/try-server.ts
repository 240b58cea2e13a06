/**
 * Tests a mail server without sending anything: connects, uses TLS if the server offers it, and signs in if there is a
 * password. For an operator who asks whether mail could be sent.
 */
import type { createTransport } from 'nodemailer';
import { SMTP_TIMEOUTS, type SmtpConnection, toFault } from './smtp.js';

async function signIn(connection: SmtpConnection): Promise<void> {
  const nodemailer = await import('nodemailer');
  const transport = nodemailer.createTransport({ ...connection, ...SMTP_TIMEOUTS } as Parameters<
    typeof createTransport
  >[0]);
  try {
    await transport.verify();
  } finally {
    transport.close();
  }
}

/** Throws {@link Fault} as sending would. `isEncrypted`: mails would be sent over TLS. */
export async function tryServer(connection: SmtpConnection): Promise<{ readonly isEncrypted: boolean }> {
  try {
    await signIn(connection);
  } catch (error) {
    throw toFault(error);
  }
  // The connection closes at once when TLS is required and the server offers none.
  const isEncrypted = await signIn({ ...connection, requireTLS: true }).then(
    () => true,
    () => false,
  );
  return { isEncrypted };
}
