/**
 * Measures the longest time for which one SCIM body blocks the process, by kind of body. Reading the JSON, the checks
 * and a PATCH run without a break, so they count together. `npx tsx scripts/measure-scim.ts`. The limits of
 * src/http/scim/parse-user.ts and parse-group.ts follow from it.
 */
import { performance } from 'node:perf_hooks';
import { ScimError } from '../src/http/scim/errors.js';
import { parseGroup, parseGroupPatch } from '../src/http/scim/parse-group.js';
import { parseUser } from '../src/http/scim/parse-user.js';
import { applyPatch } from '../src/http/scim/patch.js';
import { DEFAULT_MAPPING, toMappedUser } from '../src/management/scim/mapping.js';

const ROUNDS = 10;
/** Largest body that the routes accept for a user, and for a group, in bytes. */
const USER_BYTES = 102_400;
const GROUP_BYTES = 1_572_864;

const list = <T>(count: number, item: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => item(index));
const person = { userName: 'a@acme.example', externalId: 'a', emails: [{ value: 'a@acme.example', primary: true }] };
const full = {
  ...person,
  ...Object.fromEntries(
    ['emails', 'phoneNumbers', 'addresses', 'roles', 'entitlements', 'ims', 'photos'].map((name) => [
      name,
      list(50, (index) => ({ value: `${name}-${index}@acme.example`, type: 'work', display: 'x'.repeat(60) })),
    ]),
  ),
};
const patch = (operations: readonly unknown[]) => ({ Operations: operations });
const id = (index: number) => `oidc|acme|person-${index}`;

type Read = (body: unknown) => unknown;
const readUser: Read = (body) => toMappedUser(parseUser(body), DEFAULT_MAPPING);
const patchUser: Read = (body) => readUser(applyPatch(full, body));

const BODIES: Readonly<Record<string, readonly [limit: number, body: string, read: Read]>> = {
  'usual user': [USER_BYTES, JSON.stringify(person), readUser],
  'full user': [USER_BYTES, JSON.stringify(full), readUser],
  'user of many names': [USER_BYTES, JSON.stringify(Object.fromEntries(list(1_900, (n) => [`name${n}`, n]))), readUser],
  'user that nests': [USER_BYTES, `${'{"a":'.repeat(16_000)}1${'}'.repeat(16_000)}`, readUser],
  'usual patch': [USER_BYTES, JSON.stringify(patch([{ op: 'replace', path: 'active', value: false }])), patchUser],
  'patch of many operations': [
    USER_BYTES,
    JSON.stringify(patch(list(490, (n) => ({ op: 'replace', path: `emails[type eq "work"].value`, value: `v${n}` })))),
    patchUser,
  ],
  'patch with a long path': [
    USER_BYTES,
    JSON.stringify(patch([{ op: 'replace', path: `emails[value eq "${'\\"'.repeat(24_000)}"]`, value: 'v' }])),
    patchUser,
  ],
  'group of 10,000': [
    GROUP_BYTES,
    JSON.stringify({ displayName: 'All', members: list(10_000, (n) => ({ value: id(n) })) }),
    parseGroup,
  ],
  'group of too many': [
    GROUP_BYTES,
    JSON.stringify({ displayName: 'All', members: list(300_000, () => 1) }),
    parseGroup,
  ],
  'group patch of 1,000 operations': [
    GROUP_BYTES,
    JSON.stringify(
      patch(
        list(1_000, (n) => ({
          op: n % 2 ? 'add' : 'remove',
          path: 'members',
          value: list(9, (m) => ({ value: id(n + m) })),
        })),
      ),
    ),
    parseGroupPatch,
  ],
  'group patch of 1,000 paths': [
    GROUP_BYTES,
    JSON.stringify(patch(list(1_000, (n) => ({ op: 'remove', path: `members[value eq "${id(n)}"]` })))),
    parseGroupPatch,
  ],
};

for (const [name, [limit, body, read]] of Object.entries(BODIES)) {
  if (body.length > limit) throw new Error(`${name}: ${body.length} bytes, which the route refuses unread`);
  const times = list(ROUNDS, () => {
    const startedMs = performance.now();
    try {
      read(JSON.parse(body));
    } catch (error) {
      if (!(error instanceof ScimError)) throw error;
    }
    return performance.now() - startedMs;
  }).sort((a, b) => a - b);
  const size = (body.length / 1024).toFixed(0).padStart(5);
  process.stdout.write(`${name.padEnd(32)} ${size} kB  median ${(times[ROUNDS / 2] ?? 0).toFixed(1)} ms\n`);
}
