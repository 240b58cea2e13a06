/**
 * Writes docs/compatibility/without-effect.md from the table of settings without effect (src/facts/without-effect.ts).
 * Run it after a row changed: `npx tsx scripts/without-effect-list.ts`. A test compares both.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SETTING_ROWS, type SettingRow } from '../src/facts/without-effect.js';
import { WITHOUT_EFFECT_HEADER } from '../src/management/api/without-effect.js';

/** The page. */
export const PAGE = fileURLToPath(new URL('../docs/compatibility/without-effect.md', import.meta.url));

/** Names of resources for people, in the order of the page. */
const RESOURCES: Readonly<Record<string, string>> = {
  '/clients': 'Applications',
  '/resource-servers': 'APIs',
  '/client-grants': 'Client grants',
  '/connections': 'Connections',
  '/organizations': 'Organizations',
  '/organizations/{id}/clients': 'Applications of an organization',
  '/connection-profiles': 'Connection profiles',
  '/user-attribute-profiles': 'User attribute profiles',
  '/users': 'People',
  '/users/{id}/authentication-methods': 'Second factors and passkeys of a person',
  '/roles': 'Roles',
  '/self-service-profiles': 'Profiles of set-ups by customers',
  '/self-service-profiles/{id}/sso-ticket': 'Tickets for a set-up by the customer',
  '/tenants/settings': 'The tenant',
  '/branding': 'Branding',
  '/branding/themes': 'Themes',
  '/log-streams': 'Log streams',
};

const INTRO = `# Settings without effect

For people whose scripts or exports set a setting of Auth0's. At the end you know which settings are accepted and do
nothing here, which are refused, and what does their work. Other areas: [compatibility with
Auth0](../auth0-compatibility.md).

Made by \`npx tsx scripts/without-effect-list.ts\` from the table that the server reads. A test compares the table with
the document at \`/api/v2/openapi.json\`: every other property of a request has an effect.

You are told of such a setting in these places:

- The answer to a write names it in the header \`${WITHOUT_EFFECT_HEADER}\`. The body is as Auth0's.
- The log line of the write (\`sapi\`) has it in \`details.without_effect\`.
- The document names it in \`x-without-effect\` of the operation, and in \`x-refused\` if it is refused.
- \`vestibule doctor\` and the console warn where the setting promises a protection. These are marked below.

A value that the server has anyway is no such request: nothing is told of \`false\`, of an empty value, or of Auth0's
default.
`;

function toRow({ property, is, because, promises }: SettingRow): string {
  return `| \`${property}\` | ${promises ? 'yes' : ''} | ${is === 'refused' ? 'Refused: ' : ''}${because} |`;
}

function toTable(rows: readonly SettingRow[]): string {
  return ['| setting | promises a protection | here |', '|---|---|---|', ...rows.map(toRow)].join('\n');
}

/** Returns the tables of one resource, with a separate one for each group of strategies. */
function toSection(at: string, name: string): string {
  const rows = SETTING_ROWS.filter((row) => row.at === at);
  if (rows.length === 0) return '';
  const groupOf = ({ strategies = [] }: SettingRow) => strategies.map((one) => `\`${one}\``).join(' and ');
  const groups = [...new Set(rows.map(groupOf))];
  const tables = groups.map((group) => {
    const table = toTable(rows.filter((row) => groupOf(row) === group));
    return group === '' ? table : `### Of ${group}\n\n${table}`;
  });
  return `## ${name}\n\n\`${at}\`\n\n${tables.join('\n\n')}\n`;
}

/** Returns the text of the page. Throws for a resource without a name. */
export function toPage(): string {
  const unnamed = SETTING_ROWS.find(({ at }) => !Object.hasOwn(RESOURCES, at));
  if (unnamed !== undefined) throw new Error(`no name for ${unnamed.at}`);
  const sections = Object.entries(RESOURCES).map(([at, name]) => toSection(at, name));
  return [INTRO, ...sections.filter((section) => section !== '')].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(PAGE, toPage());
  console.log(`${PAGE}: ${SETTING_ROWS.length} rows`);
}
