/** A mail that an operator sends to themselves: followed until the mail server has taken it, with its answer where it does not. */
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noChromium } from '../support/chromium.js';
import { useConsole } from '../support/console-stage.js';

/** Refuses permanently while `refuses`. */
const mind = { refuses: true };
const server = new SMTPServer({
  disabledCommands: ['STARTTLS'],
  authOptional: true,
  logger: false,
  disableReverseLookup: true,
  onRcptTo: (_address, _session, done) =>
    mind.refuses ? done(Object.assign(new Error('no relaying for you'), { responseCode: 550 })) : done(),
  onData(stream, _session, done) {
    stream.resume().on('end', () => done());
  },
});
server.on('error', () => {});

describe.skipIf(noChromium())('in Chromium', () => {
  const stage = useConsole('/settings/mail');
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve())));
  afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

  test('where mail leaves is told; without a mail server nothing is offered that would wait for ever', async () => {
    const { tab } = stage.olga;
    await tab.getByText('Email is not sent yet').waitFor();
    expect(await tab.getByText('Email is sent through the environment’s mail server').count()).toBe(0);
    await stage.olga.look('settings-mail-none');
    await tab.getByText('There is no mail server yet').waitFor();
    expect(await tab.getByRole('button', { name: 'Send test email' }).isDisabled()).toBe(true);
    await tab.getByLabel('Host').fill('127.0.0.1');
    await tab.getByLabel('Port').fill(String((server.server.address() as AddressInfo).port));
    await tab.getByRole('button', { name: 'Save', exact: true }).click();
    await tab.getByRole('button', { name: 'Remove mail server' }).waitFor();
  });

  test('the answer of a mail server that refuses; then it takes the next one', async () => {
    const { tab } = stage.olga;
    const button = tab.getByRole('button', { name: 'Send test email' });
    await button.click();
    await tab.getByText('The mail server refused the email:').waitFor();
    expect(await tab.getByText('no relaying for you').count()).toBe(1);
    await stage.olga.look('settings-mail-refused');
    mind.refuses = false;
    await button.click();
    await tab.getByText('The mail server accepted the email to olga@vestibule.example.').waitFor();
    await stage.olga.look('settings-mail-taken');
  });
});
