/** The mail server of a tenant's own: used at once, before the environment's, and never one in a private network that nobody allowed. */
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { composeMail } from '../../src/compose/mail.js';
import { parseConfig } from '../../src/config/config.js';
import { parseSender } from '../../src/domain/mail/mail-provider.js';
import { systemClock } from '../../src/kernel/clock.js';
import { systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox } from '../../src/kernel/seal.js';
import { silentLog } from '../../src/storage/database/log.js';
import { createDirectory } from '../../src/storage/directory/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { sampleMail } from '../support/mail-samples.js';

const rows = createSecretBox(systemEntropy.bytes(32), 'rows', systemEntropy);
let database: TestDatabase;
const open: (() => Promise<unknown> | unknown)[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(() => database.pool.query('delete from outbox; delete from email_provider'));
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function startMailServer(): Promise<{ readonly port: number; readonly mails: string[] }> {
  const mails: string[] = [];
  const server = new SMTPServer({
    ...{
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      authOptional: true,
      logger: false,
      disableReverseLookup: true,
    },
    onAuth: ({ username, password }, _session, done) =>
      password === 'secret' ? done(null, { user: username }) : done(new Error('no')),
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        mails.push(`user: ${session.user ?? ''}\n${Buffer.concat(chunks).toString()}`);
        done();
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  open.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { port: (server.server.address() as AddressInfo).port, mails };
}

function mailOf(environment: Readonly<Record<string, string>> = {}) {
  const config = parseConfig({
    VESTIBULE_URL: 'https://login.example',
    VESTIBULE_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
    DATABASE_URL: database.url,
    VESTIBULE_OUTBOUND_ALLOW: '127.0.0.0/8',
    ...environment,
  });
  const mail = composeMail({
    ...{ config, clock: systemClock, boxes: { rows }, pool: database.pool },
    logger: silentLog as never,
  });
  open.push(() => mail.close());
  return mail;
}

const provide = (port: number, fields = {}) =>
  createDirectory(database.pool, rows).emails.createProvider(
    {
      ...{ enabled: true, defaultFrom: 'Own <own@tenant.example>', host: '127.0.0.1', port, username: 'u' },
      ...{ password: 'secret', headers: { 'X-SES-Configuration-Set': 'one' } },
      ...fields,
    },
    new Date(),
  );
const reasonOf = async () => (await database.pool.query('select last_error from outbox')).rows[0]?.last_error;

test('case=mail-waits-for-a-provider-and-goes-when-there-is-one', async () => {
  // Before the sender, so that it is closed after it: a server waits for connections that somebody keeps.
  const { port, mails } = await startMailServer();
  const mail = mailOf();
  await mail.outbox.enqueue(sampleMail('verify_email'), new Date());
  expect(await mail.worker.drain()).toBe(0);
  expect((await database.pool.query('select attempts from outbox')).rows).toEqual([{ attempts: 0 }]);
  await provide(port);
  expect(await mail.worker.drain()).toBe(1);
  expect(mails[0]).toMatch(/^user: u$/m);
  expect(mails[0]).toMatch(/^From: Own <own@tenant\.example>\r?$/m);
  expect(mails[0]).toMatch(/^X-SES-Configuration-Set: one\r?$/im);
});

test('case=it-wins-over-the-environment-while-it-is-enabled-and-changes-count-at-once', async () => {
  const [ours, theirs, later] = [await startMailServer(), await startMailServer(), await startMailServer()];
  const mail = mailOf({ SMTP_URL: `smtp://127.0.0.1:${ours.port}`, MAIL_FROM: 'env@login.example' });
  const send = async (id: string) => {
    await mail.outbox.enqueue({ ...sampleMail('verify_email'), id }, new Date());
    await mail.worker.drain();
  };
  await send('one');
  await provide(theirs.port);
  await send('two');
  await database.pool.query(`update email_provider set port = ${later.port}, revision = 'next'`);
  await send('three');
  await database.pool.query('update email_provider set enabled = false');
  await send('four');
  expect([ours, theirs, later].map(({ mails }) => mails.length)).toEqual([2, 1, 1]);
});

test('case=a-private-address-is-not-reached-unless-it-is-allowed', async () => {
  const { port, mails } = await startMailServer();
  for (const host of ['127.0.0.1', 'localhost']) {
    await database.pool.query('delete from outbox; delete from email_provider');
    await provide(port, { host });
    const mail = mailOf({ VESTIBULE_OUTBOUND_ALLOW: '' });
    await mail.outbox.enqueue(sampleMail('verify_email'), new Date());
    expect(await mail.worker.drain()).toBe(0);
    expect(await reasonOf(), host).toContain('VESTIBULE_OUTBOUND_ALLOW');
  }
  expect(mails).toEqual([]);
});

test('case=own-words-are-used-and-give-way-where-they-fail', async () => {
  const { port, mails } = await startMailServer();
  await provide(port);
  const mail = mailOf();
  const send = async (id: string, body: string) => {
    await database.pool.query('delete from email_templates');
    await database.pool.query(
      `insert into email_templates (name, body, subject, enabled, created_at, updated_at)
       values ('verify_email', $1, 'Our words', true, now(), now())`,
      [body],
    );
    await mail.outbox.enqueue({ ...sampleMail('verify_email'), id }, new Date());
    expect(await mail.worker.drain()).toBe(1);
  };
  await send('one', '<a href="{{ url }}">Go</a>');
  await send('two', '<p>Without a link</p>');
  await send('three', '{{ url }}{% include "nothing" %}');
  const subjects = mails.map((text) => /^Subject: (.*?)\r?$/m.exec(text)?.[1]);
  expect(subjects).toEqual(['Our words', ...Array(2).fill('Confirm your email address for Acme')]);
});

test('case=mail-from-long-before-the-provider-is-not-sent', async () => {
  const { port, mails } = await startMailServer();
  const mail = mailOf();
  await mail.outbox.enqueue(sampleMail('verify_email'), new Date(Date.now() - 2 * 86_400_000));
  await provide(port);
  expect(await mail.worker.drain()).toBe(0);
  expect(mails).toEqual([]);
});

test.each([
  ['no-reply@a.example', { name: '', address: 'no-reply@a.example' }],
  ['Northwind <no-reply@a.example>', { name: 'Northwind', address: 'no-reply@a.example' }],
  ['"North, wind" <no-reply@a.example>', { name: 'North, wind', address: 'no-reply@a.example' }],
  ['a@a.example, b@b.example', undefined],
  ['Name <a@a.example,b@b.example>', undefined],
  ['a@a.example\r\nBcc: b@b.example', undefined],
  ['Name', undefined],
])('case=a sender: %j', (text, sender) => {
  expect(parseSender(text)).toEqual(sender);
});
