/**
 * Runs Apache for its recipe without installing it: unpacks Debian's packages in the cache, and writes a configuration
 * around the printed site. Loads the modules that Debian enables by default and those of the printed `a2enmod`. Never
 * touches the system's own Apache.
 */
import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Recipe } from '../docs/recipes.js';

const PACKAGES = 'apache2-bin libapache2-mod-auth-openidc libapr1 libaprutil1 libcjose0 libhiredis0.14';

/** Commands that unpack the packages into the folder in which they run. */
export const UNPACK_APACHE = `apt-get download ${PACKAGES}
for file in *.deb; do dpkg-deb --extract "$file" .; done
rm ./*.deb
./usr/sbin/apache2 -v || LD_LIBRARY_PATH=usr/lib/x86_64-linux-gnu ./usr/sbin/apache2 -v
`;

/** Modules that Debian enables by default and a site behind a proxy needs, with those that the printed modules need. */
const ALWAYS = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'proxy'];

/** Writes the surrounding configuration into `folder`. Returns the command that starts Apache with the printed site. */
export function toApacheCommand(folder: string, { start, files }: Recipe): string {
  const [, printed = ''] = /^a2enmod (.+)$/m.exec(start) ?? [];
  const [, site = ''] = /^a2ensite (.+)$/m.exec(start) ?? [];
  const name = `etc/apache2/sites-available/${site}.conf`;
  if (!files.some((file) => file.name === `/${name}`)) throw new Error(`the page has no file /${name}`);
  const modules = join(folder, 'usr', 'lib', 'apache2', 'modules');
  const run = join(folder, 'run');
  const lines = [
    `ServerRoot "${folder}"`,
    `DefaultRuntimeDir "${run}"`,
    `PidFile "${join(run, 'apache2.pid')}"`,
    `Mutex file:${run} default`,
    'ServerName localhost',
    `ErrorLog "${join(run, 'error.log')}"`,
    // As root, Apache needs another user to serve requests.
    ...(userInfo().uid === 0 ? ['User www-data', 'Group www-data'] : []),
    ...[...ALWAYS, ...printed.split(' ')].map((module) => `LoadModule ${module}_module ${modules}/mod_${module}.so`),
    `Include "${join(folder, name)}"`,
  ];
  writeFileSync(join(folder, 'frame.conf'), `${lines.join('\n')}\n`);
  return `mkdir -p run
export LD_LIBRARY_PATH=usr/lib/x86_64-linux-gnu
./usr/sbin/apache2 -d . -f "$PWD/frame.conf" -DFOREGROUND || cat run/error.log
`;
}
