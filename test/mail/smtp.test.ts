/** Sending through a real SMTP server: what arrives, and what kind of fault each refusal is. */
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import { Fault } from '../../src/kernel/errors.js';
import { createSmtpSender, type SmtpSender } from '../../src/mail/smtp.js';
import { sampleMail } from '../support/mail-samples.js';

interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly source: string;
  readonly user: string | undefined;
}

const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

/** A mail server on loopback that keeps what it takes. */
async function startMailServer(options: SMTPServerOptions = {}): Promise<{ port: number; received: Received[] }> {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    logger: false,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map((recipient) => recipient.address),
          source: Buffer.concat(chunks).toString('utf8'),
          user: session.user === undefined ? undefined : String(session.user),
        });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  cleanUp.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { port: (server.server.address() as AddressInfo).port, received };
}

function senderTo(smtpUrl: string): SmtpSender {
  const sender = createSmtpSender({ smtpUrl, from: 'Northwind <no-reply@northwind.example>' });
  cleanUp.push(() => sender.close());
  return sender;
}

const faultOf = async (sending: Promise<void>): Promise<Fault> => {
  const error = await sending.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Fault);
  return error as Fault;
};

describe('a mail', () => {
  it('arrives whole, in text and HTML, from and to whom it should', async () => {
    const { port, received } = await startMailServer();
    await senderTo(`smtp://127.0.0.1:${port}`).send(sampleMail('proof_code'));
    const [mail] = received;
    expect(mail?.from).toBe('no-reply@northwind.example');
    expect(mail?.to).toEqual(['ivy@acme.example']);
    const [head = '', ...body] = (mail?.source ?? '').split('\r\n\r\n');
    expect(head).toMatch(/^From: Northwind <no-reply@northwind\.example>$/m);
    expect(head).toMatch(/^To: ivy@acme\.example$/m);
    expect(head).toMatch(/^Subject: Your code for Acme$/m);
    expect(head).toMatch(/^Message-ID: <mail-proof_code@northwind\.example>$/im);
    expect(head).toMatch(/^Auto-Submitted: auto-generated$/m);
    expect(head).toMatch(/^Content-Type: multipart\/alternative/m);
    expect(body.join('\n')).toContain('402917');
    expect(body.join('\n')).toMatch(/Content-Type: text\/html; charset=utf-8/);
  });

  it('gets no header and no recipient by a name in it', async () => {
    const { port, received } = await startMailServer();
    const evil = 'Dana\r\nBcc: everybody@example.com\r\n\r\nHello, <other@example.com>';
    await senderTo(`smtp://127.0.0.1:${port}`).send(
      sampleMail('invitation', { inviterName: evil, brand: { title: evil } }),
    );
    const head = received[0]?.source.split('\r\n\r\n')[0] ?? '';
    expect(received[0]?.to).toEqual(['ivy@acme.example']);
    expect(head).not.toMatch(/^Bcc:/im);
  });

  it('keeps names of other scripts', async () => {
    const { port, received } = await startMailServer();
    await senderTo(`smtp://127.0.0.1:${port}`).send(sampleMail('invitation', { organizationTitle: '株式会社東京' }));
    const subject = /^Subject: ([\s\S]*?)\r\n(?! )/m.exec(received[0]?.source ?? '')?.[1] ?? '';
    const decoded = subject.replace(/\s*=\?UTF-8\?([BQ])\?(.*?)\?=/gi, (_, kind: string, text: string) =>
      kind.toUpperCase() === 'B'
        ? Buffer.from(text, 'base64').toString('utf8')
        : Buffer.from(
            text
              .replaceAll('_', ' ')
              .replace(/=([0-9A-F]{2})/g, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
            'latin1',
          ).toString('utf8'),
    );
    expect(decoded).toContain('Dana Whitfield invites you to 株式会社東京');
  });

  it('goes out with the name and password of the address', async () => {
    const { port, received } = await startMailServer({
      authOptional: false,
      onAuth: (auth, _session, done) =>
        auth.username === 'vestibule' && auth.password === 'p@ss/word'
          ? done(null, { user: 'vestibule' })
          : done(new Error('no')),
    });
    await senderTo(`smtp://vestibule:p%40ss%2Fword@127.0.0.1:${port}`).send(sampleMail('verify_email'));
    expect(received[0]?.user).toBe('vestibule');
    const fault = await faultOf(
      senderTo(`smtp://vestibule:wrong-one@127.0.0.1:${port}`).send(sampleMail('verify_email')),
    );
    expect(fault.retryable).toBe(false);
    expect(fault.message).not.toContain('wrong-one');
  });
});

describe('faults', () => {
  const refusing = (responseCode: number): SMTPServerOptions => ({
    onRcptTo: (_address, _session, done) => done(Object.assign(new Error('not now'), { responseCode })),
  });

  it.each([
    [450, true],
    [550, false],
  ])('an answer of %d: retryable %s, and no secret in the message', async (code, retryable) => {
    const { port } = await startMailServer(refusing(code));
    const fault = await faultOf(senderTo(`smtp://127.0.0.1:${port}`).send(sampleMail('proof_code')));
    expect(fault.retryable).toBe(retryable);
    expect(fault.message).toContain('mail server:');
    expect(fault.message).not.toContain('402917');
  });

  it('nobody listens: retryable', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise<void>((resolve) => server.close(() => resolve()));
    expect((await faultOf(senderTo(`smtp://127.0.0.1:${port}`).send(sampleMail('proof_code')))).retryable).toBe(true);
  });

  it('a mail server elsewhere that offers no encryption gets neither password nor mail', async () => {
    // STARTTLS stripping: the offer is missing. 0.0.0.0 is this machine too, but not by a name that is exempt.
    const { port, received } = await startMailServer({ onAuth: (_auth, _session, done) => done(null, { user: 'x' }) });
    const url = `smtp://vestibule:secret@0.0.0.0:${port}`;
    const fault = await faultOf(senderTo(url).send(sampleMail('proof_code')));
    expect(fault.message).toMatch(/TLS/);
    expect(received).toEqual([]);
    // An operator can allow it.
    await senderTo(`${url}?requireTLS=false`).send(sampleMail('proof_code'));
    expect(received).toHaveLength(1);
  });
});
