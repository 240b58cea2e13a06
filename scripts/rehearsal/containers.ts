/**
 * Builds, starts and uses deploy/compose.yaml with Docker Engine and Compose, inside the rehearsal's machine. Changes
 * no file of deploy/: runs the commands in the file's own head exactly, with Caddy and its Caddyfile in front.
 * Stand-ins replace the images that the files name (images.ts).
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Checks } from '../judges/checks.js';
import { installEngine, makeImages } from './images.js';
import { ADDRESS, type Machine } from './machine.js';
import { createPerson, type Person } from './people.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const DEPLOY = '/root/checkout/deploy';

/** The proxy of the guide's last section. Nothing may listen at the server's own port. */
const PROXY = `set -e
for unit in nginx vestibule vestibule-restored; do systemctl stop $unit 2>/dev/null || :; done
export DEBIAN_FRONTEND=noninteractive
apt-get install --yes --no-install-recommends caddy
mkdir -p /etc/vestibule/tls
cd /etc/vestibule/tls
[ -e privkey.pem ] || openssl req -x509 -newkey rsa:2048 -nodes -days 90 -subj /CN=login.example.com \\
  -addext subjectAltName=DNS:login.example.com -keyout privkey.pem -out fullchain.pem
chgrp -R caddy /etc/vestibule/tls
chmod 750 /etc/vestibule/tls
chmod 640 privkey.pem
cp ${DEPLOY}/Caddyfile /etc/caddy/Caddyfile
systemctl restart caddy`;

/** Prints the commands in the head of compose.yaml. */
const HEAD = `sed -n 's/^#   //p' compose.yaml`;
const WAIT = 'docker compose up --detach --wait';
/** Waits until Caddy notices that the server is back: it asks every five seconds. */
const READY =
  'curl --retry 60 --retry-delay 1 --retry-all-errors -fsS --cacert /etc/vestibule/tls/fullchain.pem https://login.example.com/health/ready';
const STATE = "docker inspect vestibule-vestibule-1 --format '{{.State.ExitCode}} {{.State.OOMKilled}}'";

/** Tools for the checks of the running containers. */
interface Ground {
  readonly machine: Machine;
  readonly checks: Checks;
  readonly person: Person;
  /** Runs a script in deploy/ of the checkout. Throws unless it exits with 0. */
  must(script: string): Promise<string>;
}

function assert(isSo: boolean, what: string): void {
  if (!isSo) throw new Error(what);
}

const secondsSince = (started: number) => ((performance.now() - started) / 1000).toFixed(1);
const note = (text: string) => process.stdout.write(`      ${text}\n`);

/** Builds, starts, uses, stops and restores the containers. `base` has the files of the bare Debian. */
export async function tryContainers(machine: Machine, checks: Checks, base: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'vestibule-containers-'));
  const must = (script: string) => machine.must(`set -e -o pipefail; cd ${DEPLOY}; ${script}`);
  try {
    const isMade = await checks.play('Docker Engine runs, and has stand-ins for the three images', async () => {
      note(`Docker Engine ${await installEngine(machine)}`);
      await makeImages(machine, base, folder);
    });
    if (!isMade || !(await build({ machine, checks, must }))) return;
    const person = createPerson(machine, join(folder, 'authorities.pem'));
    await machine.must(PROXY);
    await writeFile(join(folder, 'authorities.pem'), await machine.must('cat /etc/vestibule/tls/fullchain.pem'));
    const ground = { machine, checks, person, must };
    if (await start(ground)) for (const part of [playPeople, playLimits, playEnds, playBackup]) await part(ground);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Builds all stages of the file from the checkout's tracked and new files. */
async function build({ machine, checks, must }: Omit<Ground, 'person'>): Promise<boolean> {
  return checks.play('the image is built from this checkout, all stages of the file as it stands', async () => {
    await machine.pipe(
      `cd '${root}'; git ls-files -co --exclude-standard -z | tar --null -T - -c`,
      '/tmp/checkout.tar',
    );
    await machine.must('mkdir /root/checkout; tar -xf /tmp/checkout.tar -C /root/checkout; rm /tmp/checkout.tar');
    await must('docker compose config --quiet');
    const started = performance.now();
    await must('docker compose build vestibule');
    const [size, below] = await Promise.all(
      ['vestibule', 'docker.io/library/debian:trixie-slim'].map(async (name) =>
        Number(await must(`docker image inspect ${name} --format '{{.Size}}'`)),
      ),
    );
    const megabytes = (bytes = 0) => Math.round(bytes / 1e6);
    note(`built in ${secondsSince(started)} s; ${megabytes(size)} MB, of which ${megabytes(below)} MB are the base`);
  });
}

/** Runs the commands in the head of the file; the link in the log makes the owner. */
async function start({ checks, must, person }: Ground): Promise<boolean> {
  let said = '';
  const isStarted = await checks.play(
    'the commands in the head of compose.yaml start both containers, healthy',
    async () => {
      const started = performance.now();
      said = await must(`${HEAD} > /tmp/head.sh; bash -e -o pipefail /tmp/head.sh 2>&1`);
      note(`healthy after ${secondsSince(started)} s, with an empty database`);
      const states = await must("docker compose ps --format '{{.Service}} {{.Health}}' | sort");
      assert(states === 'database healthy\nvestibule healthy\n', states);
    },
  );
  if (!isStarted) return false;
  return checks.play('the link that they print makes an owner, through Caddy', async () => {
    await person.own(/https:\S+/.exec(said)?.[0] ?? '');
  });
}

async function playPeople({ checks, must, person }: Ground): Promise<void> {
  await checks.play('the console is answered, without a proxy too', async () => {
    const page = await must('curl -fsS http://127.0.0.1:3000/console');
    assert(page.includes('"organizationId"'), page.slice(0, 300));
  });
  await checks.play('an Action is deployed, and runs under a read-only root', async () => {
    await person.addAction();
    const { action } = await person.signIn();
    assert(action === 'ran', `the Action wrote ${action}`);
  });
  await checks.play('the address in the log is the client’s: the gateway is the proxy that is trusted', async () => {
    const { ip } = await person.signIn();
    assert(ip === ADDRESS, `the log says ${ip}; the client has ${ADDRESS} and claimed another one`);
  });
}

const INSIDE = 'docker compose exec -T vestibule';

async function playLimits({ checks, machine, must }: Ground): Promise<void> {
  await checks.play('it is account 10001, and there is no path that it may write to', async () => {
    const tries = `id -u; for path in / /tmp /var/tmp /run /opt/vestibule "$HOME"; do ! touch "$path/x" 2>/dev/null || echo "writes $path"; done`;
    const said = await must(`${INSIDE} sh -c '${tries}'`);
    assert(said.trim() === '10001', said);
  });
  await checks.play('it has no capability, and can gain none', async () => {
    const said = await must(`${INSIDE} grep -hE '^(CapEff|CapPrm|CapBnd|NoNewPrivs)' /proc/1/status`);
    assert(/CapPrm:\s+0+\nCapEff:\s+0+\nCapBnd:\s+0+\nNoNewPrivs:\s+1/.test(said), said);
  });
  await checks.play('no secret is in what docker inspect shows, nor in the list of processes', async () => {
    const said = await must(
      'docker inspect vestibule-vestibule-1 vestibule-database-1; docker compose top; docker history --no-trunc vestibule',
    );
    for (const name of ['secret_key', 'database_password']) {
      const secret = (await must(`cat secrets/${name}`)).trim();
      assert(secret.length > 20 && !said.includes(secret), `${name} is shown`);
    }
  });
  await checks.play('the database is reached from its network alone', async () => {
    const said = await must('docker compose ps --format {{.Ports}} database');
    assert(!said.includes('->'), said);
  });
  await checks.play('the command of operators works in it', async () => {
    const said = await must(`${INSIDE} container-entry operator invite sue@company.example --role owner`);
    assert(said.includes('https://login.example.com/'), said);
  });
  await checks.play('a missing secret is named', async () => {
    const { code, output } = await machine.run('docker run --rm --env SMTP_URL_FILE=/run/secrets/none vestibule');
    assert(code === 2 && output.includes("SMTP_URL_FILE is '/run/secrets/none'"), `${code} ${output}`);
  });
}

async function playEnds({ checks, must, person }: Ground): Promise<void> {
  await checks.play('SIGTERM ends it with 0, within its grace', async () => {
    const started = performance.now();
    await must('docker compose stop vestibule');
    const said = await must(STATE);
    note(`stopped in ${secondsSince(started)} s`);
    assert(said.trim() === '0 false', said);
  });
  await checks.play('a killed database is started again, and the server goes on', async () => {
    await must(`${WAIT}; kill -9 $(docker inspect vestibule-database-1 --format '{{.State.Pid}}'); sleep 1; ${WAIT}`);
    await must(READY);
    assert((await person.signIn()).action === 'ran', 'no Action');
  });
  await checks.play('after `down` and `up` the data is there: the owner signs in', async () => {
    const started = performance.now();
    await must(`docker compose down; ${WAIT}`);
    note(`down and healthy again in ${secondsSince(started)} s`);
    await must(READY);
    assert((await person.signIn()).action === 'ran', 'no Action');
  });
}

/** Runs the commands of the guide: dump the database, create an empty one, and restore the dump there. */
async function playBackup({ checks, must, person }: Ground): Promise<void> {
  await checks.play('a dump, restored into an empty database, has the owner', async () => {
    const [dump, restore] = (
      await must("sed -n 's/^\\(docker compose exec -T database .*\\)/\\1/p' ../docs/guides/production.md")
    )
      .trim()
      .split('\n');
    await must(`${dump}
docker compose down --volumes
docker compose up --detach --wait database
${restore}
${WAIT}
${READY}`);
    assert((await person.signIn()).action === 'ran', 'no Action');
  });
}
