/** Tests the mail server for `vestibule doctor`. Only doctor.ts imports this. */

import type { Config } from '../../config/config.js';
import type { MailProvider } from '../../domain/mail/mail-provider.js';
import type { Email } from '../../domain/people/email.js';
import { StartError, toMessage } from '../../kernel/errors.js';
import { newReference, systemEntropy } from '../../kernel/ids.js';
import { hideSecrets } from '../../kernel/text.js';
import {
  createProviderSender,
  createSmtpSender,
  type SmtpSender,
  toConnection,
  toProviderConnection,
} from '../../mail/smtp.js';
import { tryServer } from '../../mail/try-server.js';
import type { MailFacts } from '../../ports/examiner.js';
import { createMailSettings } from '../../storage/mail-settings.js';
import { createFindAddress } from '../mail.js';
import type { WithRows } from './database.js';

const TEXT = 'This mail was sent by `vestibule doctor --send-to`. Mails of this sign-in server reach you.';
const render = () => ({ subject: 'A test of your sign-in server', text: TEXT, html: `<p>${TEXT}</p>` });

async function sendTest(sender: SmtpSender, to: string): Promise<void> {
  try {
    await sender.send({ id: newReference(systemEntropy), to: to as Email, template: 'verify_email', model: {} });
  } finally {
    sender.close();
  }
}

async function tryProvider(provider: MailProvider, config: Config, sendTo: string | undefined): Promise<MailFacts> {
  const { host, port, username, defaultFrom = config.mailFrom, password } = provider;
  try {
    const place = await createFindAddress(config)(host);
    const { isEncrypted } = await tryServer(toProviderConnection(provider, place));
    if (sendTo !== undefined)
      await sendTest(createProviderSender(provider, place, { from: config.mailFrom, render }), sendTo);
    return { from: 'tenant', host, port, signsIn: username !== undefined, isEncrypted, sender: defaultFrom };
  } catch (error) {
    throw new StartError(`${host}: ${hideSecrets(toMessage(error), [password])}`, { cause: error });
  }
}

async function tryEnvironment(smtpUrl: string, from: string, sendTo: string | undefined): Promise<MailFacts> {
  const { protocol, hostname: host, port, username } = new URL(smtpUrl);
  const { isEncrypted } = await tryServer(toConnection(smtpUrl));
  if (sendTo !== undefined) await sendTest(createSmtpSender({ smtpUrl, from, render }), sendTo);
  const usual = protocol === 'smtps:' ? 465 : 587;
  return {
    from: 'environment',
    host,
    port: Number(port || usual),
    signsIn: username !== '',
    isEncrypted,
    sender: from,
  };
}

/**
 * Tests the server that sends mail now: the tenant's own, else the environment's. Throws a Fault or a {@link
 * StartError}.
 */
export async function tryMail(
  config: Config,
  withRows: WithRows,
  sendTo: string | undefined,
): Promise<MailFacts | undefined> {
  // Without the database it is unknown whether the tenant has its own server. The finding about the database reports
  // that.
  const own = await withRows((pool, box) => createMailSettings(pool, box).findProvider()).catch(() => undefined);
  if (own !== undefined) return tryProvider(own.provider, config, sendTo);
  return config.smtpUrl === undefined ? undefined : tryEnvironment(config.smtpUrl, config.mailFrom, sendTo);
}
