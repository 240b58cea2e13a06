/** The part of the composition root that is about mail: the outbox, and the worker that empties it where an SMTP server is configured. */
import type { Logger } from 'pino';
import type { Config } from './config.js';
import { chooseLanguage } from './domain/languages.js';
import type { Clock } from './kernel/clock.js';
import type { SecretBox } from './kernel/seal.js';
import { readWish } from './mail/models.js';
import { renderMail } from './mail/render.js';
import { createSmtpSender } from './mail/smtp.js';
import type { OutgoingMail } from './ports/mailer.js';
import { createOutbox } from './storage/jobs/outbox.js';
import { createOutboxWorker } from './storage/jobs/send-mail.js';
import { createMailSettings } from './storage/mail-settings.js';

interface Parts {
  readonly config: Config;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly boxes: { readonly rows: SecretBox };
  readonly pool: Parameters<typeof createOutbox>[0];
}

/** Starts no worker: the composition root does, when the server listens. */
export function composeMail({ config, clock, logger, boxes, pool }: Parts) {
  const settings = createMailSettings(pool);
  const render = async (mail: OutgoingMail) =>
    renderMail(mail, chooseLanguage(readWish(mail.model), await settings.readLanguages()));
  const sender =
    config.smtpUrl === undefined
      ? undefined
      : createSmtpSender({ smtpUrl: config.smtpUrl, from: config.mailFrom, render });
  const worker =
    sender && createOutboxWorker({ pool, box: boxes.rows, send: (mail) => sender.send(mail), clock, log: logger });
  const close = async () => {
    await worker?.stop();
    sender?.close();
  };
  const wake = () => worker?.wake();
  return { outbox: createOutbox(pool, boxes.rows, wake), worker, wake, close };
}
