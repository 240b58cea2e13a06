/**
 * Makes the pages of the API reference from the document that the server serves. Reads only the declarations of the
 * operations: calls none and writes nothing.
 */
import { ABSENT_FEATURES } from '../../../src/management/absent/features.js';
import { NEWER_ENDPOINTS } from '../../../src/management/absent/operations.js';
import type { ManagementDeps } from '../../../src/management/api/deps.js';
import { toOpenApi } from '../../../src/management/api/openapi.js';
import { createOperations } from '../../../src/management/resources.js';
import type { Page } from '../page.js';
import { ABSENT, AREAS, findArea } from './areas.js';
import { type PathItem, toAnchor, toEntry, toPlace } from './render.js';
import type { Schemas } from './schema.js';

interface Described {
  readonly key: string;
  readonly path: string;
  readonly item: PathItem & { readonly 'x-absent'?: true };
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described['item']>>>>;
  readonly components: { readonly schemas: Schemas };
}

/** Returns the document as every server serves it, except for the server's address. */
export function readDocument(): Document {
  return toOpenApi(createOperations({} as ManagementDeps), 'https://vestibule.example') as Document;
}

/** Returns every operation of the document, in its order. */
export function listOperations({ paths }: Document): readonly Described[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, item]) => ({ key: `${method} ${path}`, path, item })),
  );
}

/** Front matter of a reference page: its own class for styles, and a list of its operations at the right. */
const FRONT = '---\npageClass: api-reference\noutline: 2\n---\n\n';

function toHeading(text: string): string {
  return `# ${text} {#${text.toLowerCase().replaceAll(/\W+/g, '-')}}`;
}

/**
 * Returns the summary of an operation. If two operations of a page have the same one, adds the word of the path that
 * distinguishes them.
 */
function toName({ key, path, item }: Described, page: readonly Described[]): string {
  const isAlone = page.every((other) => other.key === key || other.item.summary !== item.summary);
  return isAlone ? item.summary : `${item.summary} (${path.split('/').findLast((word) => !word.startsWith('{'))})`;
}

function toAreaPage(area: (typeof AREAS)[number], operations: readonly Described[], schemas: Schemas): Page {
  const list = operations.map((one) => `| ${toPlace(one.key)} | [${toName(one, operations)}](#${toAnchor(one.key)}) |`);
  const text = [
    `${FRONT}${toHeading(area.name)}`,
    `${area.about}\n\nHow to call them: [Management API](./index.md).`,
    ['| operation | does |', '|---|---|', ...list].join('\n'),
    ...operations.map((one) => toEntry(one.key, toName(one, operations), one.item, schemas)),
  ].join('\n\n');
  return { path: `api/${area.slug}.md`, title: area.name, text: `${text}\n` };
}

const INTRODUCTION = `Auth0 has these operations, and this server does not have what they are about. It answers as a tenant that does not use the feature: a list is
empty, a setting shows its default, one thing is 404. A write that asks for what is shown is answered as done, so that an export goes in again. Any
other write is 403 \`feature_not_enabled\`.`;

function toAbsentPage(operations: readonly Described[]): Page {
  const newer = NEWER_ENDPOINTS.map(({ path, ...feature }) => ({ ...feature, paths: { [path]: {} } }));
  const parts = [...ABSENT_FEATURES, ...newer].map(({ name, instead, paths }) => {
    const rows = operations.filter(({ path }) => Object.hasOwn(paths, path));
    const list = rows.map(
      ({ key, item }) =>
        `| <span id="${toAnchor(key)}">${toPlace(key)}</span> | ${item.security.map(({ management: [scope] }) => `\`${scope}\``).join(', ')} |`,
    );
    const slug = `feature-${name.toLowerCase().replaceAll(/\W+/g, '-')}`;
    return `## ${name} {#${slug}}\n\n${instead}\n\n${['| operation | scopes |', '|---|---|', ...list].join('\n')}`;
  });
  const name = 'Features that are not there';
  return {
    path: `api/${ABSENT}.md`,
    title: name,
    text: `${[`${FRONT}${toHeading(name)}`, INTRODUCTION, ...parts].join('\n\n')}\n`,
  };
}

/**
 * Returns all pages except the first one, which is docs/api/README.md. Throws for an operation that belongs to no area.
 */
export function composeApiPages(): readonly Page[] {
  const document = readDocument();
  const all = listOperations(document);
  const present = all.filter(({ item }) => item['x-absent'] !== true);
  const lost = present.filter(({ path }) => findArea(path) === undefined);
  if (lost.length > 0)
    throw new Error(`scripts/docs/api/areas.ts has no page for ${lost.map(({ key }) => key).join(', ')}`);
  const pages = AREAS.map((area) =>
    toAreaPage(
      area,
      present.filter(({ path }) => findArea(path) === area.slug),
      document.components.schemas,
    ),
  );
  return [...pages, toAbsentPage(all.filter(({ item }) => item['x-absent'] === true))];
}

/** Returns the rows of the first page, one for each area. */
export function toAreaTable(): string {
  const present = listOperations(readDocument()).filter(({ item }) => item['x-absent'] !== true);
  const count = (slug: string) => present.filter(({ path }) => findArea(path) === slug).length;
  const rows = AREAS.map(
    ({ slug, name, about }) => `| [${name}](./${slug}.md), ${count(slug)} | ${about.split(/[.:] /)[0]} |`,
  );
  const absent = `| [Features that are not there](./${ABSENT}.md) | What is answered in their place |`;
  return ['| area, operations | for |', '|---|---|', ...rows, absent].join('\n');
}
