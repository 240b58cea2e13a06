/** Builds the parts for mail: the outbox, and the worker that sends from it where a mail server is configured. */
import { isIP } from 'node:net';
import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import { createResolve } from '../connectors/outbound/resolve.js';
import { chooseLanguage } from '../domain/look/languages.js';
import { classifyAddress } from '../kernel/addresses.js';
import type { Clock } from '../kernel/clock.js';
import { Fault } from '../kernel/errors.js';
import { toBlockList } from '../kernel/networks.js';
import type { SecretBox } from '../kernel/seal.js';
import { readWish } from '../mail/models.js';
import { createChoosingSender } from '../mail/provider-sender.js';
import { createSmtpSender, type Render } from '../mail/smtp.js';
import { createOutbox } from '../storage/jobs/outbox.js';
import { createOutboxWorker } from '../storage/jobs/send-mail.js';
import { createMailSettings } from '../storage/mail-settings.js';

interface Parts {
  readonly config: Config;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly boxes: { readonly rows: SecretBox };
  readonly pool: Parameters<typeof createOutbox>[0];
}

const RESOLVE_MS = 5_000;

/**
 * Creates a function that finds an address to which connections are allowed. Attack (SSRF): a caller of the Management
 * API names a service of this server's own network as the mail server. The operator can allow such a network.
 */
export function createFindAddress({ outboundAllow, nameServers }: Pick<Config, 'outboundAllow' | 'nameServers'>) {
  const allow = toBlockList(outboundAllow);
  const resolve = createResolve({ timeoutMs: RESOLVE_MS, ...(nameServers && { nameServers }) });
  const addressesOf = async (host: string): Promise<readonly string[]> =>
    isIP(host) !== 0
      ? [host]
      : new Promise((settle, reject) =>
          resolve(host, { all: true }, (error, found) =>
            error
              ? reject(new Fault('network', `mail server: ${host} has no address`, true))
              : settle(found.map(({ address }) => address)),
          ),
        );
  return async (host: string) => {
    for (const address of await addressesOf(host)) {
      const verdict = classifyAddress(address, allow);
      if (verdict !== 'forbidden') return { address, isTrusted: verdict === 'allowed' };
    }
    throw new Fault('network', `mail server: ${host} is in a private network: see VESTIBULE_OUTBOUND_ALLOW`, false);
  };
}

/** The templates and what renders them, loaded with the first mail: no sign-in waits for them. */
const loadTemplates = () => Promise.all([import('../mail/own-words.js'), import('../mail/render.js')]);

/** Builds the parts. The composition root starts the worker when the server listens. */
export function composeMail({ config, clock, logger, boxes, pool }: Parts) {
  const settings = createMailSettings(pool, boxes.rows);
  const render: Render = async (mail) => {
    const [{ OWN_NAMES, renderOwnMail }, { renderMail }] = await loadTemplates();
    const { languages, ...tenant } = await settings.readTenant();
    const language = chooseLanguage(readWish(mail.model), languages);
    for (const name of OWN_NAMES[mail.template] ?? []) {
      const words = await settings.findWords(name);
      if (words === undefined) continue;
      try {
        return renderOwnMail(mail, words, { language, ...tenant });
      } catch (error) {
        // A mistake in a template must not prevent a sign-in.
        const reason = error instanceof Error ? error.message.slice(0, 200) : '';
        logger.warn(
          { mail: mail.id, template: name, reason },
          'an email template failed: the mail has the words of the server',
        );
      }
    }
    return renderMail(mail, language);
  };
  const { smtpUrl, mailFrom: from } = config;
  const sender = createChoosingSender({
    findProvider: settings.findProvider,
    findAddress: createFindAddress(config),
    fallback: smtpUrl === undefined ? undefined : createSmtpSender({ smtpUrl, from, render }),
    from,
    render,
  });
  const worker = createOutboxWorker({
    pool,
    box: boxes.rows,
    send: (mail) => sender.send(mail),
    waitsForProvider: smtpUrl === undefined,
    clock,
    log: logger,
  });
  const close = async () => {
    await worker.stop();
    sender.close();
  };
  const wake = () => worker.wake();
  return { outbox: createOutbox(pool, boxes.rows, wake), worker, wake, close };
}
