/**
 * Tries a mail server without sending anything: connects, secures the connection where the server can, and signs in where there is a
 * password. For an operator who asks whether mail would leave.
 */
import { createTransport } from 'nodemailer';
import { SMTP_TIMEOUTS, type SmtpConnection, toFault } from './smtp.js';

async function signIn(connection: SmtpConnection): Promise<void> {
  const transport = createTransport({ ...connection, ...SMTP_TIMEOUTS } as Parameters<typeof createTransport>[0]);
  try {
    await transport.verify();
  } finally {
    transport.close();
  }
}

/** Throws {@link Fault} as sending would. `isEncrypted`: mails would go over TLS. */
export async function tryServer(connection: SmtpConnection): Promise<{ readonly isEncrypted: boolean }> {
  try {
    await signIn(connection);
  } catch (error) {
    throw toFault(error);
  }
  // A server that offers no TLS is left at once when TLS is demanded.
  const isEncrypted = await signIn({ ...connection, requireTLS: true }).then(
    () => true,
    () => false,
  );
  return { isEncrypted };
}
