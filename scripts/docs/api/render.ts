/**
 * Writes one operation of the served document as Markdown. Puts every value of the document into code, so that it
 * cannot become markup.
 */
import { ADDED_PARAMETERS, OWN_SCOPES } from '../../../src/management/additions.js';
import { differenceOf } from '../../operations-table.js';
import { findAuth0Page, isAuth0Operation } from './auth0-pages.js';
import { ACCEPTED, findEffect } from './effects.js';
import { toBody, toCurl } from './example.js';
import { type Row, resolve, type Schema, type Schemas, toLimits, toRows, toType } from './schema.js';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

/** An operation of the document. */
export interface PathItem {
  readonly summary: string;
  readonly description?: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content & { readonly description: string }>>;
  readonly security: readonly { readonly management: readonly string[] }[];
}

const schemaOf = (content: Content | undefined): Schema | undefined => Object.values(content?.content ?? {})[0]?.schema;

/** Returns the heading's id, from method and path: `patch-organizations-id`. */
export const toAnchor = (key: string): string =>
  key
    .replaceAll(/[{}]/g, '')
    .replaceAll(/[^\w]+/g, '-')
    .toLowerCase();

const code = (text: string): string => `\`${text}\``;

/**
 * Returns a path or a property's name as code that can break at its joints on a narrow page. Characters with a meaning
 * in Markdown become entities.
 */
function toBreakable(text: string): string {
  const plain = text.replaceAll(/[_[\]{}*|]/g, (one) => `&#${one.charCodeAt(0)};`);
  return `<code>${plain.replaceAll(/(?<=.)\//g, '<wbr>/').replaceAll(/\.|&#95;/g, (joint) => `${joint}<wbr>`)}</code>`;
}
const mark = (kind: string, text: string): string => `<span class="mark ${kind}">${text}</span>`;

/** Returns method and path, as shown above an operation and in lists. */
export function toPlace(key: string): string {
  const [method = '', path = ''] = key.split(' ');
  return `<span class="verb ${method}">${method.toUpperCase()}</span> ${toBreakable(path)}`;
}

/** Returns the text of a table cell, without line breaks and with `|` escaped. */
const toCell = (parts: readonly string[]): string =>
  parts
    .map((part) => part.trim().replaceAll('|', '\\|'))
    .filter(Boolean)
    .join('<br>');

function toTable(head: string, rows: readonly (readonly [string, string])[]): string {
  return [`| ${head} | value |`, '|---|---|', ...rows.map(([left, right]) => `| ${left} | ${right} |`)].join('\n');
}

function toParameters(key: string, parameters: readonly Parameter[], all: Schemas): string {
  const own = ADDED_PARAMETERS[key] ?? {};
  const rows = parameters.map(({ name, in: place, required, description = '', schema }): readonly [string, string] => [
    toCell([toBreakable(name), `in the ${place}`]),
    toCell([
      [
        toType(schema, all),
        required ? mark('must', 'required') : '',
        Object.hasOwn(own, name) ? mark('own', 'addition') : '',
      ].join(' '),
      toLimits(schema, all).join('; '),
      description,
    ]),
  ]);
  return `**Parameters**\n\n${toTable('parameter', rows)}`;
}

function toBodyRow(path: string, row: Row): readonly [string, string] {
  const effect = findEffect(path, row.path);
  const marks = [
    row.isRequired && mark('must', 'required'),
    row.isAddition && mark('own', 'addition'),
    effect.hasNoEffect && mark('none', 'no effect'),
    effect.isRefused && mark('none', effect.default === undefined ? 'refused' : 'one value'),
  ].filter((one) => one !== false);
  const usual = effect.default === undefined ? '' : `default ${code(effect.default)}`;
  const accepted = ACCEPTED[`${path} ${row.path}`];
  const limits = accepted === undefined ? row.limits : [`${accepted.map(code).join(', ')}; Auth0’s others are refused`];
  return [toBreakable(row.path), toCell([[row.type, ...marks].join(' '), limits.join('; '), usual])];
}

/** Returns "One of `a`, `b`" for a body that needs one of several properties. */
function toChoice(schema: Schema): string {
  const names = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].map((one) => one.required ?? []);
  if (schema.properties === undefined || names.length === 0 || names.some((one) => one.length === 0)) return '';
  return `\n\nOne of ${names.map((one) => one.map(code).join(' with ')).join(', ')} is required.`;
}

function toRequestBody(key: string, content: Content, all: Schemas): string {
  const schema = schemaOf(content) ?? {};
  const [, path = ''] = key.split(' ');
  const whole = resolve(schema, all);
  const isOpen = (property: string): boolean => {
    const { hasNoEffect } = findEffect(path, property);
    return !hasNoEffect && !(path.startsWith('/connections') && property === 'options');
  };
  const forms = [...(whole.oneOf ?? []), ...(whole.anyOf ?? [])].filter((one) => {
    const [property, value] = findFormMark(one, all) ?? [];
    const accepted = ACCEPTED[`${path} ${property}`];
    return resolve(one, all).properties && (accepted === undefined || accepted.includes(String(value)));
  });
  const type = Object.keys(content.content ?? {})[0];
  const name = type === 'multipart/form-data' ? '**Form** (`multipart/form-data`)' : '**Body**';
  if (whole.type === 'array')
    return `${name}: a list of objects.\n\n${toBodyTable(path, toRows(whole.items ?? {}, all, isOpen))}`;
  if (forms.length <= 1) {
    const rows = toRows(forms[0] ?? schema, all, isOpen);
    return rows.length === 0 ? `${name}: any JSON object.` : `${name}\n\n${toBodyTable(path, rows)}${toChoice(whole)}`;
  }
  const tables = forms.map((form) => `\n\n${toFormName(form, all)}\n\n${toBodyTable(path, toRows(form, all, isOpen))}`);
  return `${name}: one of ${forms.length} forms.${tables.join('')}`;
}

/** Finds the property with a single possible value that distinguishes a form from the others, and that value. */
function findFormMark(form: Schema, all: Schemas): readonly [property: string, value: unknown] | undefined {
  const properties = Object.entries(resolve(form, all).properties ?? {});
  const found = properties.map(([name, value]) => [name, resolve(value, all).enum] as const);
  return found.flatMap(([name, values]) => (values?.length === 1 ? [[name, values[0]] as const] : []))[0];
}

function toFormName(form: Schema, all: Schemas): string {
  const [property, value] = findFormMark(form, all) ?? [];
  return property === undefined ? 'A form:' : `With ${code(`${property}: ${String(value)}`)}:`;
}

const toBodyTable = (path: string, rows: readonly Row[]): string =>
  toTable(
    'property',
    rows.map((row) => toBodyRow(path, row)),
  );

/** Returns the schema of a list's items, in any of the list's forms; for other answers, the answer itself. */
function toItem(schema: Schema): { readonly item: Schema; readonly isList: boolean } {
  const list = schema.anyOf?.find((one) => one.type === 'array') ?? schema;
  return list.type === 'array' && list.items ? { item: list.items, isList: true } : { item: list, isList: false };
}

function toAnswer(status: string, content: Content, all: Schemas): string {
  const schema = schemaOf(content);
  if (schema === undefined) return `**Answer** ${code(status)}, without a body.`;
  const { item, isList } = toItem(schema);
  const rows = toRows(item, all).map((row): readonly [string, string] => [
    toBreakable(row.path),
    toCell([[row.type, row.isRequired ? '' : mark('none', 'sometimes')].join(' '), row.limits.join('; ')]),
  ]);
  const what = isList ? ', [a list](./index.md#lists)' : '';
  if (rows.length === 0) return `**Answer** ${code(status)}${what}: ${toType(item, all)}.`;
  return `**Answer** ${code(status)}${what}\n\n::: details ${rows.length} properties of ${isList ? 'each item' : 'the answer'}\n\n${toTable('property', rows)}\n\n:::`;
}

/** Returns the document's sentence about scopes of single properties, with properties and scopes as code. */
const withCode = (text: string): string =>
  text
    .replaceAll(/(?<=(?:sending|seeing) )(?!anything else)(.+?)(?= takes)/g, (names) =>
      names.split(', ').map(code).join(', '),
    )
    .replaceAll(/\b[a-z]+:[a-z_]+\b/g, (scope) => code(scope));

function toScopes(key: string, { security, description }: PathItem): string {
  const scopes = security.flatMap(({ management }) => management);
  const own = OWN_SCOPES[key] ?? [];
  const shown = scopes.map((scope) => `${code(scope)}${own.includes(scope) ? ` ${mark('own', 'addition')}` : ''}`);
  const single = description === undefined ? '' : `\n\n${withCode(description)}`;
  return `${shown.length > 1 ? '**One of the scopes**' : '**Scope**'} ${shown.join(', ')}${single}`;
}

function toOrigin(key: string): string {
  if (!isAuth0Operation(key)) return `${mark('own', 'addition')} Auth0 does not have this operation.`;
  const difference = differenceOf(key);
  return `[Auth0’s page](${findAuth0Page(key)})${difference === undefined ? '' : `. Differs: ${difference}.`}`;
}

/** Returns the entry of an operation, from its heading `name` to its example. */
export function toEntry(key: string, name: string, item: PathItem, all: Schemas): string {
  const answers = Object.entries(item.responses);
  const refusals = answers.map(([status]) => status).filter((status) => Number(status) >= 400);
  const query = item.parameters.filter((one) => one.in === 'query' && one.required).map((one) => one.name);
  const body = toBody(key, schemaOf(item.requestBody), all);
  return [
    `## ${name} {#${toAnchor(key)}}`,
    toPlace(key),
    toOrigin(key),
    toScopes(key, item),
    ...(item.parameters.length === 0 ? [] : [toParameters(key, item.parameters, all)]),
    ...(item.requestBody === undefined ? [] : [toRequestBody(key, item.requestBody, all)]),
    ...answers.filter(([status]) => Number(status) < 400).map(([status, one]) => toAnswer(status, one, all)),
    `[Refusals](./index.md#errors): ${refusals.map(code).join(', ')}.`,
    `\`\`\`sh\n${toCurl(key, body, query)}\n\`\`\``,
  ].join('\n\n');
}
