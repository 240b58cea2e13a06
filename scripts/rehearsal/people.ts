/**
 * Starts processes of this checkout in the machine's network, which see what a person would see: the owner and the
 * mailbox.
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ADDRESS, type Machine } from './machine.js';
import { OWNER } from './owner.js';
import type { Deed, SignedIn } from './walk.js';

const exec = promisify(execFile);
const ORIGIN = 'https://login.example.com';
const root = fileURLToPath(new URL('../..', import.meta.url));
const toArgs = (file: string) => [process.execPath, '--import', 'tsx', `${root}scripts/rehearsal/${file}`];

export interface Person {
  own(link: string): Promise<{ readonly path: string }>;
  /** Signs in at the origin, through the proxy, or at another address. */
  signIn(address?: string): Promise<SignedIn>;
  addAction(): Promise<void>;
  /** Asks for a new password. */
  forget(): Promise<void>;
  trySizes(): Promise<Readonly<Record<'headers' | 'body', SizeSeen>>>;
  /** Runs scripts/rehearsal/first-day.ts. Returns the seconds of each part. */
  playFirstDay(mailbox: Mailbox): Promise<Readonly<Record<string, number>>>;
}

/** The answer to a request of the largest size that the server accepts. */
export interface SizeSeen {
  readonly status: number;
  readonly type: string;
  readonly words: string;
  readonly protects: string;
}

/** Creates the owner. `authorities` is a file of this machine with the certificate that the guide made. */
export function createPerson(machine: Machine, authorities: string): Person {
  const walk = <T>(deed: Omit<Deed, 'origin'>) => run<T>('walk.ts', { origin: ORIGIN, ...deed });
  const run = async <T>(script: string, facts: object): Promise<T> => {
    const args = [...toArgs(script), JSON.stringify(facts)];
    const child = machine.spawnInNetwork(args, { NODE_EXTRA_CA_CERTS: authorities });
    const ended = once(child, 'close');
    const said = child.stdout === null ? '' : await text(child.stdout);
    await ended;
    if (child.exitCode !== 0) throw new Error(`the walk ended with ${child.exitCode}; see above`);
    // Reads the last line, because a library may have printed something before.
    return JSON.parse(said.trim().split('\n').at(-1) ?? '') as T;
  };
  return {
    own: (link) => walk({ deed: 'own', link }),
    signIn: (address) => walk({ deed: 'sign-in', ...(address !== undefined && { address }) }),
    addAction: () => walk({ deed: 'add-action' }),
    forget: () => walk({ deed: 'forget' }),
    trySizes: () => walk({ deed: 'sizes' }),
    playFirstDay: ({ files }) => run('first-day.ts', { origin: ORIGIN, owner: OWNER, ...files }),
  };
}

export interface Mailbox {
  /**
   * Files of this machine: certificate and key of the mail server, which the provider uses too, and the mails, one line
   * of JSON each.
   */
  readonly files: Readonly<Record<'certificate' | 'key' | 'mails', string>>;
  readonly mails: readonly { readonly to: readonly string[]; readonly mail: string }[];
  close(): void;
}

/**
 * The authority of the mail server's certificate. In a real network every machine would trust it; here the rehearsal
 * adds it.
 */
const AUTHORITY = '/etc/authority-of-the-mail-server.pem';

/** Starts a mail server at mail.example.com, port 587. Its certificate is written to `folder`. */
export async function openMailbox(machine: Machine, folder: string): Promise<Mailbox> {
  const [certificate, key] = [join(folder, 'mail.pem'), join(folder, 'mail.key')];
  const names = ['-subj', '/CN=mail.example.com', '-addext', 'subjectAltName=DNS:mail.example.com,DNS:id.acme.example'];
  const made = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', certificate];
  await exec('openssl', ['req', ...made, ...names]);
  await machine.write(AUTHORITY, await readFile(certificate));
  await machine.must('mkdir -p /etc/systemd/system/vestibule.service.d');
  // A customer's provider has a public address. Here its address is this machine's, so it must be allowed.
  const setting = `[Service]\nEnvironment=NODE_EXTRA_CA_CERTS=${AUTHORITY} VESTIBULE_OUTBOUND_ALLOW=${ADDRESS}/32\n`;
  await machine.write('/etc/systemd/system/vestibule.service.d/mail-authority.conf', setting);
  const child = machine.spawnInNetwork([...toArgs('mailbox.ts'), certificate, key], {});
  if (child.stdout === null) throw new Error('the mailbox has no output');
  const file = join(folder, 'mails');
  await writeFile(file, '');
  const mails: { to: readonly string[]; mail: string }[] = [];
  const lines = createInterface({ input: child.stdout });
  const ready = once(lines, 'line');
  lines.on('line', (line) => {
    if (line === '{}') return;
    appendFileSync(file, `${line}\n`);
    mails.push(JSON.parse(line));
  });
  await ready;
  return { files: { certificate, key, mails: file }, mails, close: () => child.kill() };
}
