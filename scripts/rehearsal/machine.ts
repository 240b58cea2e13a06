/**
 * A bare Debian inside this machine: debootstrap's files, systemd as the first process, and its own processes, mounts
 * and network (outbound only). It sees no file of this machine and cannot be reached from outside. All files that are
 * written in it are in memory, and are gone when it stops.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const exec = promisify(execFile);
/** The Debian release that the guide was written for. */
const RELEASE = 'trixie';
const MIRROR = 'http://deb.debian.org/debian';
/** Packages that debootstrap's smallest set lacks and every installed Debian has. */
const INSTALLED = ['systemd', 'systemd-sysv', 'dbus', 'libpam-systemd', 'iproute2', 'procps'];
/** Authorities that this machine trusts, because a proxy may replace the certificate of a package registry. */
const AUTHORITIES = '/etc/ssl/certs/ca-certificates.crt';
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Runs inside new namespaces: makes the root directory, enters it, and becomes systemd. $1 is the base, $2 an empty
 * directory.
 */
const BOOT = `set -e
mount --make-rprivate /
mount -t tmpfs -o size=8g tmpfs "$2"
mkdir "$2/written" "$2/work" "$2/root"
R="$2/root"
mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/written,workdir=$2/work" "$R"
mount -t proc proc "$R/proc"
mount -t sysfs -o ro sysfs "$R/sys"
mount -t tmpfs -o mode=755 tmpfs "$R/sys/fs/cgroup"
mount -t cgroup2 cgroup2 "$R/sys/fs/cgroup"
mount -t tmpfs -o mode=755 tmpfs "$R/dev"
for device in null zero full random urandom tty; do touch "$R/dev/$device"; mount --bind "/dev/$device" "$R/dev/$device"; done
mkdir "$R/dev/pts" "$R/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$R/dev/pts"
ln -s pts/ptmx "$R/dev/ptmx"
ln -s /proc/self/fd "$R/dev/fd"
mount -t tmpfs tmpfs "$R/dev/shm"
mount -t tmpfs -o mode=755 tmpfs "$R/run"
mount -t tmpfs tmpfs "$R/tmp"
rm -f "$R/etc/resolv.conf"
echo nameserver 10.0.2.3 > "$R/etc/resolv.conf"
echo rehearsal > "$R/etc/hostname"
hostname rehearsal
mkdir "$R/old"
cd "$R"
pivot_root . old
umount -l /old
exec env -i container=rehearsal PATH=${PATH} /lib/systemd/systemd --system systemd.unit=multi-user.target`;

/** Address of the machine in its own network. */
export const ADDRESS = '10.0.2.100';

export interface Ran {
  readonly code: number;
  /** Standard output and error output together, in order. */
  readonly output: string;
}

export interface Machine {
  /** Runs a shell script as root in the machine. */
  run(script: string): Promise<Ran>;
  /** Runs a script too, but throws with its output unless it exits with 0. */
  must(script: string): Promise<string>;
  /** Command and arguments that start a shell in the machine. */
  readonly shell: readonly [string, ...string[]];
  write(path: string, content: Buffer | string): Promise<void>;
  /** Runs a command on this machine and writes its output to a file of the inner one. */
  pipe(command: string, path: string): Promise<void>;
  /** Starts a program of this machine in the inner machine's network, with these names in /etc/hosts. */
  spawnInNetwork(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess;
  stop(): Promise<void>;
}

/** Returns the tools that this machine lacks, by the names of Debian's packages. */
export function findMissingTools(): readonly string[] {
  const has = (name: string) => PATH.split(':').some((folder) => existsSync(join(folder, name)));
  return ['debootstrap', 'slirp4netns', 'unshare', 'nsenter'].filter((name) => !has(name));
}

/** Makes the files of a bare Debian in `base`, once. Takes a minute. */
export async function makeBase(base: string): Promise<void> {
  if (existsSync(join(base, 'complete'))) return;
  await rm(base, { recursive: true, force: true });
  await mkdir(base, { recursive: true });
  const include = `--include=${['ca-certificates', ...INSTALLED].join(',')}`;
  await exec('debootstrap', ['--variant=minbase', include, RELEASE, base, MIRROR], { maxBuffer: 1 << 26 });
  await writeFile(join(base, 'complete'), '');
}

async function collect(child: ChildProcess, input?: Buffer | string): Promise<Ran> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)));
  child.stdin?.end(input ?? '');
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve(status ?? 1));
  });
  return { code, output };
}

/**
 * Returns the first process of the machine: the only child of `unshare`, once it has become systemd. Before that its
 * root directory is still this machine's.
 */
async function findFirst(parent: number): Promise<number> {
  for (let turn = 0; turn < 600; turn++) {
    const children = await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8').catch(() => '');
    const first = children.trim().split(' ')[0] ?? '';
    const name = first === '' ? '' : await readFile(`/proc/${first}/comm`, 'utf8').catch(() => '');
    if (name.trim() === 'systemd') return Number(first);
    await sleep(50);
  }
  throw new Error('the machine did not start');
}

/**
 * Creates the control group in which the machine's systemd may create its own; undefined without control groups version
 * 2.
 */
function makeGroup(name: string): string | undefined {
  const root = ['/sys/fs/cgroup/unified', '/sys/fs/cgroup'].find((path) => existsSync(`${path}/cgroup.procs`));
  return root && `${root}/${name}`;
}

async function removeGroups(path: string): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await removeGroups(join(path, entry.name));
  await rmdir(path).catch(() => {});
}

/** Boots a machine on the files of {@link makeBase}. */
export async function startMachine(base: string): Promise<Machine> {
  const folder = await mkdtemp(join(tmpdir(), 'vestibule-machine-'));
  const group = makeGroup(folder.slice(folder.lastIndexOf('/') + 1));
  if (group !== undefined) await mkdir(group);
  const enter = group === undefined ? '' : 'echo $$ > "$0/cgroup.procs"; ';
  const namespaces = ['--cgroup', '--mount', '--pid', '--net', '--uts', '--ipc', '--fork', '--kill-child'];
  const unshare = `${enter}exec unshare ${namespaces.join(' ')} bash -c "$1" boot "$2" "$3"`;
  const holder = spawn('bash', ['-c', unshare, group ?? '', BOOT, base, folder], { stdio: 'ignore' });
  const first = await findFirst(holder.pid ?? 0);
  const slirp = ['--configure', '--mtu=65520', '--disable-host-loopback', String(first), 'tap0'];
  const network = spawn('slirp4netns', slirp, { stdio: 'ignore' });
  const into = ['-t', String(first), '-m', '-p', '-n', '-u', '-i', '-C'];
  const clean = ['env', '-i', 'HOME=/root', `PATH=${PATH}`, 'LANG=C.UTF-8'];
  const shell = ['nsenter', ...into, ...clean, 'bash'] as [string, ...string[]];
  const run = (script: string, input?: Buffer | string) =>
    collect(spawn(shell[0], [...shell.slice(1), '-c', `cd /root; ${script}`]), input);
  const machine: Machine = {
    run,
    shell,
    async must(script) {
      const { code, output } = await run(script);
      // Shows the end of the output: readers of a failed check see a dozen lines.
      if (code !== 0) throw new Error(`ended with ${code}: ${output.trim().split('\n').slice(-10).join('\n')}`);
      return output;
    },
    async write(path, content) {
      const { code, output } = await run(`cat > '${path}'`, content);
      if (code !== 0) throw new Error(output);
    },
    async pipe(command, path) {
      const script = `set -o pipefail; ${command} | "$@"`;
      const { code, output } = await collect(spawn('bash', ['-c', script, 'bash', ...shell, '-c', `cat > '${path}'`]));
      if (code !== 0) throw new Error(`${command}: ${output}`);
    },
    spawnInNetwork: (args, env) => {
      const hosts = `mount --bind "$0" /etc/hosts; exec "$@"`;
      const command = ['-t', String(first), '-n', 'unshare', '-m', 'sh', '-c', hosts, join(folder, 'hosts'), ...args];
      return spawn('nsenter', command, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
    },
    async stop() {
      const ended = new Promise((resolve) => holder.once('close', resolve));
      network.kill();
      holder.kill('SIGKILL');
      await ended;
      // Waits until the kernel has ended the last process.
      for (let turn = 0; turn < 40 && group !== undefined && existsSync(group); turn++) {
        await removeGroups(group);
        await sleep(250);
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
  await settle(machine, join(folder, 'hosts'));
  return machine;
}

/** Waits until the machine has started. Then adds the names and authorities that a real network would give it. */
async function settle(machine: Machine, hosts: string): Promise<void> {
  // Waits for its network: without it the first download would fail.
  await machine.must(
    'for turn in $(seq 50); do ip address show tap0 2>/dev/null | grep -q inet && exit; sleep 0.2; done; exit 1',
  );
  await machine.run('systemctl is-system-running --wait');
  const names = `127.0.0.1 localhost rehearsal\n::1 localhost\n${ADDRESS} login.example.com mail.example.com id.acme.example\n`;
  await machine.write('/etc/hosts', names);
  await writeFile(hosts, names);
  if (!existsSync(AUTHORITIES)) return;
  await machine.write('/etc/authorities-of-this-network.pem', await readFile(AUTHORITIES));
  await machine.write('/root/.npmrc', 'cafile=/etc/authorities-of-this-network.pem\n');
}
