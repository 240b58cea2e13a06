/**
 * `npx tsx scripts/production-rehearsal.ts`: follows docs/guides/production.md exactly. Runs its `sh` blocks in order,
 * as root, on a bare Debian with systemd inside this machine (scripts/rehearsal/machine.ts).
 * After some blocks a person does what the guide says. They become the owner through nginx, sign in, get a mail, and
 * play the first day in the console (scripts/rehearsal/first-day.ts). They sign in at the restored copy, at the next
 * version, and through Caddy.
 * Then it does the same with deploy/compose.yaml in Docker Engine and Compose: builds, starts, uses, stops and restores
 * it (scripts/rehearsal/containers.ts). It downloads no images: files of Debian and Node replace the three images that
 * deploy/ names.
 * Needs root, Linux, and `apt-get install debootstrap slirp4netns chromium`. Fetches packages of Debian and npm.
 * Options: `--base DIRECTORY` keeps the bare Debian there for the next run (default: artifacts/rehearsal);
 * `--no-containers`; `--containers-only`. Prints one line for each check and `N passed, N failed`. Takes about five
 * minutes on a quiet machine. Changes nothing on this machine except that directory. Not part of `npm test`.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { Checks, summarize } from './judges/checks.js';
import { tryContainers } from './rehearsal/containers.js';
import { openTerminal, readSections } from './rehearsal/guide.js';
import { ADDRESS, findMissingTools, type Machine, makeBase, startMachine } from './rehearsal/machine.js';
import { createPerson, type Mailbox, openMailbox, type Person, type SizeSeen } from './rehearsal/people.js';

const exec = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

/** Tools for the checks after a block. */
interface Ground {
  readonly machine: Machine;
  readonly checks: Checks;
  readonly person: Person;
  readonly mailbox: Mailbox;
  /** Output of the last block. */
  readonly output: string;
}

function assert(isSo: boolean, what: string): void {
  if (!isSo) throw new Error(what);
}

/** Signs in, and reports every difference from the expected result. */
async function signIn({ person }: Ground, address?: string): Promise<void> {
  const { userId, ip, action } = await person.signIn(address);
  assert(userId.startsWith('auth0|'), `signed in as ${userId}`);
  assert(action === 'ran', `the Action wrote ${action}`);
  if (address === undefined)
    assert(ip === ADDRESS, `the log says ${ip}; the client has ${ADDRESS} and claimed another one`);
}

/** Checks large requests: the server answers with JSON, and the proxy adds its header. */
async function trySizes({ person }: Ground): Promise<void> {
  const isOwn = ({ type, protects }: SizeSeen) => type.includes('json') && protects !== '';
  const { headers, body } = await person.trySizes();
  assert(isOwn(headers) && headers.status === 200, `20 kB of cookies, 25 kB of address: ${JSON.stringify(headers)}`);
  assert(isOwn(body) && body.status === 401, `a body of 1.4 MB: ${JSON.stringify(body)}`);
}

async function becomeOwner(ground: Ground): Promise<void> {
  const { checks, machine, person, output } = ground;
  await checks.play('the printed link makes an owner, through nginx', async () => {
    const link = /https:\S+/.exec(output)?.[0] ?? '';
    await person.own(link);
    const operators = await machine.must('vestibule-admin operator list');
    assert(/olga@company\.example +owner/.test(operators), operators);
  });
  await checks.play('an Action can be deployed', () => person.addAction());
  await checks.play(
    'the owner signs in: an Action runs in the hardened unit, the address in the log is the client’s',
    () => signIn(ground),
  );
  await checks.play('nginx lets through what the server takes', () => trySizes(ground));
  await checks.play('the log of nginx has no queries', async () => {
    const log = await machine.must('cat /var/log/nginx/vestibule.log');
    assert(log.includes('/console/first'), log);
    assert(!/ticket=|code=|state=/.test(log), log);
  });
  await checks.play('vestibule-admin invites when everybody is locked out', async () => {
    const said = await machine.must('vestibule-admin operator invite sue@company.example --role owner');
    assert(said.includes('https://login.example.com/'), said);
  });
}

const READY = 'curl --retry 30 --retry-delay 1 --retry-all-errors -fs http://127.0.0.1:3000/health/ready';

async function tryService({ checks, machine }: Ground): Promise<void> {
  await checks.play('systemd finds nothing wrong with the units', async () => {
    const said = await machine.must(
      'systemd-analyze verify /etc/systemd/system/vestibule*.service /etc/systemd/system/vestibule*.timer',
    );
    assert(said.trim() === '', said);
  });
  await checks.play('the service is exposed by at most 2.0 of 10, as systemd counts', async () => {
    const said = await machine.must(
      'set -o pipefail; systemd-analyze security --no-pager --threshold=20 vestibule.service | tail -1',
    );
    process.stdout.write(`      ${said.trim()}\n`);
  });
  await checks.play('a killed server is started again', async () => {
    await machine.must(`systemctl kill --signal=KILL vestibule; sleep 3; ${READY}`);
  });
  await checks.play('a wrong variable stops it, is named, and is not tried again', async () => {
    const variables = '/etc/vestibule/vestibule.env';
    await machine.must(
      `cp -p ${variables} /root/kept.env; echo PORT=x >> ${variables}; systemctl restart vestibule; sleep 5`,
    );
    const state = await machine.run(
      `systemctl show --property=NRestarts,Result,ActiveState vestibule; journalctl -u vestibule -n 20 -o cat`,
    );
    await machine.must(`cp -p /root/kept.env ${variables}; rm /root/kept.env; systemctl restart vestibule; ${READY}`);
    assert(/PORT is "x"/.test(state.output) && /ActiveState=failed/.test(state.output), state.output);
  });
  await checks.play('a stop is clean', async () => {
    const said = await machine.must(
      `systemctl stop vestibule; systemctl show --property=Result,ExecMainStatus vestibule; systemctl start vestibule; ${READY}`,
    );
    assert(/Result=success/.test(said) && /ExecMainStatus=0/.test(said), said);
  });
}

/** Plays those rows of "When something is wrong" that are possible here. */
async function playTrouble(ground: Ground): Promise<void> {
  const { checks, machine } = ground;
  await checks.play('the database goes and comes back: the server says so, waits, and goes on by itself', async () => {
    const main = 'systemctl show --property=MainPID vestibule';
    const before = await machine.must(main);
    // Stops the database cluster by its version: the service without a version returns before the cluster has stopped.
    const down = await machine.must(
      'systemctl stop postgresql@17-main; for turn in $(seq 20); do curl -sS http://127.0.0.1:3000/health/ready | tee /tmp/said; grep -q "not ready" /tmp/said && break; sleep 1; done; systemctl start postgresql@17-main',
    );
    assert(down.includes('not ready'), down);
    await machine.must(READY);
    const after = await machine.must(main);
    assert(before === after, `another process: ${before}${after}`);
    await signIn(ground);
  });
  await checks.play('a new certificate is in use after a reload of nginx', async () => {
    const shown =
      'openssl s_client -connect login.example.com:443 </dev/null 2>/dev/null | openssl x509 -noout -serial';
    const before = await machine.must(shown);
    const tls = '/etc/vestibule/tls';
    await machine.must(
      `cp -a ${tls} /root/kept-tls; openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=login.example.com -keyout ${tls}/privkey.pem -out ${tls}/fullchain.pem`,
    );
    await machine.must('systemctl reload nginx; sleep 2');
    const after = await machine.must(shown);
    await machine.must(`cp -a /root/kept-tls/. ${tls}/; rm -r /root/kept-tls; systemctl reload nginx; sleep 2`);
    assert(before.startsWith('serial=') && after.startsWith('serial=') && before !== after, `${before}${after}`);
  });
}

/** The checks after a block, by a text that only that block contains. */
const AFTER: Readonly<Record<string, (ground: Ground) => Promise<void>>> = {
  'enable --now vestibule\n': tryService,
  'makes you its owner': becomeOwner,
  'vestibule-backup.timer\n': async (ground) => {
    const { checks, machine, person, mailbox } = ground;
    await checks.play('the backup is whole, and the next one is planned', async () => {
      const said = await machine.must(
        'pg_restore --list /var/lib/vestibule-backup/vestibule-*.dump | grep -c "TABLE DATA"; systemctl list-timers --no-pager vestibule-backup.timer',
      );
      assert(Number(said.split('\n')[0]) > 40 && said.includes('vestibule-backup.service'), said);
    });
    await playTrouble(ground);
    await checks.play('a mail comes by SMTP_URL', async () => {
      await person.forget();
      for (let turn = 0; turn < 100 && mailbox.mails.length === 0; turn++) await sleep(200);
      assert(mailbox.mails[0]?.to[0] === 'olga@company.example', `${mailbox.mails.length} mails`);
    });
    await checks.play(
      'the first day, in the console: an employee signs in, a refused stranger is invited',
      async () => {
        for (const [part, seconds] of Object.entries(await person.playFirstDay(mailbox)))
          process.stdout.write(`      ${part}: ${seconds} s\n`);
      },
    );
  },
  'systemd-run --unit=vestibule-restored': async (ground) => {
    await ground.checks.play('the owner signs in at the restored copy', () => signIn(ground, 'http://127.0.0.1:3001'));
    await ground.checks.play('the restored copy reaches nothing outside of the machine', async () => {
      const said = await ground.machine.must('systemctl show --property=IPAddressDeny vestibule-restored');
      assert(said.includes('0.0.0.0/0'), said);
    });
  },
  'ln -sfn $NEW': async (ground) => {
    await ground.checks.play('the owner signs in at the next version', async () => {
      const running = await ground.machine.must('readlink /opt/vestibule/current');
      assert(running.trim() === '0.1.1', running);
      await signIn(ground);
    });
  },
  'ln -sfn $VERSION /opt/vestibule/current\nsystemctl': async (ground) => {
    await ground.checks.play('the owner signs in at the former version', () => signIn(ground));
  },
  'systemctl restart caddy': async (ground) => {
    await ground.checks.play('the owner signs in through Caddy', () => signIn(ground));
    await ground.checks.play('Caddy lets through what the server takes', () => trySizes(ground));
  },
};

/** Packs this checkout, and packs it once more as the next version. */
async function pack(folder: string): Promise<readonly string[]> {
  await exec('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: root });
  const { version } = JSON.parse(await readFile(`${root}package.json`, 'utf8')) as { version: string };
  await exec('tar', ['-xzf', `vestibule-${version}.tgz`], { cwd: folder });
  const manifest = join(folder, 'package', 'package.json');
  await writeFile(
    manifest,
    (await readFile(manifest, 'utf8')).replace(`"version": "${version}"`, '"version": "0.1.1"'),
  );
  await exec('tar', ['-czf', 'vestibule-0.1.1.tgz', 'package'], { cwd: folder });
  return [`vestibule-${version}.tgz`, 'vestibule-0.1.1.tgz'];
}

/** Follows the guide on the machine. Returns false if a block failed, which ends it. */
async function follow(machine: Machine, checks: Checks, folder: string): Promise<boolean> {
  const terminal = openTerminal(machine);
  const mailbox = await openMailbox(machine, folder);
  const authorities = join(folder, 'authorities.pem');
  const ground = { machine, checks, mailbox, person: createPerson(machine, authorities) };
  try {
    for (const { title, blocks } of readSections(await readFile(`${root}docs/guides/production.md`, 'utf8')))
      for (const [at, block] of blocks.entries()) {
        let output = '';
        const isDone = await checks.play(`${title}, block ${at + 1}`, async () => {
          const ran = await terminal.run(block);
          if (ran.code !== 0)
            throw new Error(
              `${ran.output.trim().split('\n').slice(-4).join('\n')}\n${(await machine.run(LAST_WORDS)).output}`,
            );
          output = ran.output;
        });
        if (!isDone) return false;
        const { code, output: certificate } = await machine.run('cat /etc/vestibule/tls/fullchain.pem');
        if (code === 0) await writeFile(authorities, certificate);
        for (const [mark, deed] of Object.entries(AFTER)) if (block.includes(mark)) await deed({ ...ground, output });
      }
    return true;
  } finally {
    mailbox.close();
    terminal.close();
  }
}

/** The server's last log lines. A block that waits for the server reports only that nothing answers. */
const LAST_WORDS = 'journalctl --unit=vestibule --output=cat --lines=6 | cut -c1-300';

const VERSIONS = `. /etc/os-release; echo "Debian $(cat /etc/debian_version)"; systemctl --version | head -1; node --version; psql --version; nginx -v 2>&1; caddy version`;

async function playGuide(): Promise<boolean> {
  for (const name of await pack(folder)) await machine.write(`/root/${name}`, await readFile(join(folder, name)));
  const started = performance.now();
  const isFollowed = await follow(machine, checks, folder);
  const seconds = Math.round((performance.now() - started) / 1000);
  process.stdout.write(`${(await machine.run(VERSIONS)).output}the guide took ${seconds} s, with the checks\n`);
  return isFollowed;
}

const { values } = parseArgs({
  options: {
    base: { type: 'string', default: `${root}artifacts/rehearsal/debian` },
    'no-containers': { type: 'boolean', default: false },
    'containers-only': { type: 'boolean', default: false },
  },
});
const missing = findMissingTools();
if (process.getuid?.() !== 0 || missing.length > 0) {
  process.stderr.write(
    `The rehearsal makes a machine: it has to be root, and needs: apt-get install ${missing.join(' ')}\n`,
  );
  process.exit(2);
}
const folder = await mkdtemp(join(tmpdir(), 'vestibule-rehearsal-'));
const checks = new Checks('production');
await makeBase(resolve(values.base));
const machine = await startMachine(resolve(values.base));
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void machine.stop().then(() => process.exit(1)));
try {
  const isFollowed = values['containers-only'] || (await playGuide());
  if (isFollowed && !values['no-containers']) await tryContainers(machine, checks, resolve(values.base));
} finally {
  await machine.stop();
  await rm(folder, { recursive: true, force: true });
}
summarize([checks]);
