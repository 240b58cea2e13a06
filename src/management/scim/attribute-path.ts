/**
 * Parses paths to attributes of a SCIM user: `userName`, `name.givenName`, `emails[type eq "work"].value`, with or
 * without the URN of a schema (RFC 7644 section 3.5.2, figure 7). The mapping of a connection and PATCH requests use
 * the same grammar. Reads no stored user.
 */
import type { ScimResource } from '../../ports/directory/scim.js';

export const CORE_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const ENTERPRISE_SCHEMA = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/**
 * The attributes of a user that are stored, by kind (RFC 7643 section 4.1). Not stored: passwords, groups and
 * certificates.
 */
export const TEXT_ATTRIBUTES = [
  'userName',
  'externalId',
  'displayName',
  'nickName',
  'profileUrl',
  'title',
  'userType',
  'preferredLanguage',
  'locale',
  'timezone',
] as const;
export const LIST_ATTRIBUTES = ['emails', 'phoneNumbers', 'ims', 'photos', 'addresses'] as const;

const SUB_ATTRIBUTES = [
  'formatted',
  'familyName',
  'givenName',
  'middleName',
  'honorificPrefix',
  'honorificSuffix',
  'value',
  'display',
  'type',
  'primary',
  'streetAddress',
  'locality',
  'region',
  'postalCode',
  'country',
  'employeeNumber',
  'costCenter',
  'organization',
  'division',
  'department',
  'manager',
  'displayName',
  '$ref',
] as const;

const byLowerCase = (names: readonly string[]) => new Map(names.map((name) => [name.toLowerCase(), name]));
const ATTRIBUTES = byLowerCase([...TEXT_ATTRIBUTES, ...LIST_ATTRIBUTES, 'active', 'name', ENTERPRISE_SCHEMA]);
const SUBS = byLowerCase(SUB_ATTRIBUTES);

/**
 * Returns the attribute's name in the spelling of RFC 7643, whatever case `name` has. Undefined for an attribute that
 * is not stored.
 */
export function findAttribute(name: string): string | undefined {
  return ATTRIBUTES.get(name.toLowerCase());
}

/**
 * Returns the sub-attribute's name in the spelling of RFC 7643, whatever case `name` has. Undefined for one that is not
 * stored.
 */
export function findSubAttribute(name: string): string | undefined {
  return SUBS.get(name.toLowerCase());
}

export interface AttributePath {
  readonly attribute: string;
  /** The path's filter: only items of the list whose sub-attribute `name` has this value. */
  readonly where: { readonly name: string; readonly value: string | boolean } | undefined;
  readonly sub: string | undefined;
}

/** An attribute, then optionally a filter (`[name eq value]`), then optionally a sub-attribute. */
const PATH =
  /^([A-Za-z$][\w$-]{0,63})(?:\[\s{0,9}([A-Za-z$][\w$-]{0,63})\s{1,9}[eE][qQ]\s{1,9}("(?:[^"\\]|\\.){0,255}"|true|false)\s{0,9}\])?(?:[.:]([A-Za-z$][\w$-]{0,63}))?$/;
const MAX_PATH = 512;

function startsWith(text: string, start: string): boolean {
  return text.slice(0, start.length).toLowerCase() === start.toLowerCase();
}

/** Returns the parsed path; undefined for an invalid text and for attributes that are not stored. */
export function parseAttributePath(text: string): AttributePath | undefined {
  if (text.length > MAX_PATH) return undefined;
  if (startsWith(text, ENTERPRISE_SCHEMA)) {
    const rest = text.slice(ENTERPRISE_SCHEMA.length);
    // Of `manager.value`, only `manager` is used.
    const name = /^[.:]([A-Za-z]{1,64})(?:[.:]\w{1,64})?$/.exec(rest)?.[1];
    const sub = name === undefined ? undefined : findSubAttribute(name);
    return rest === '' || sub !== undefined ? { attribute: ENTERPRISE_SCHEMA, where: undefined, sub } : undefined;
  }
  const [, name, filterName, filterValue, subName] = PATH.exec(withoutCoreSchema(text)) ?? [];
  const attribute = name === undefined ? undefined : findAttribute(name);
  const sub = subName === undefined ? undefined : findSubAttribute(subName);
  if (attribute === undefined || (subName !== undefined && sub === undefined)) return undefined;
  if (filterName === undefined || filterValue === undefined) return { attribute, where: undefined, sub };
  const item = findSubAttribute(filterName);
  return item === undefined
    ? undefined
    : { attribute, where: { name: item, value: parseValue(item, filterValue) }, sub };
}

/**
 * Returns the path without the URN of the core schema, which may precede any attribute (RFC 7644 section 3.10). Some
 * directories write a point behind the URN.
 */
function withoutCoreSchema(text: string): string {
  const isCore = startsWith(text, `${CORE_SCHEMA}:`) || startsWith(text, `${CORE_SCHEMA}.`);
  return isCore ? text.slice(CORE_SCHEMA.length + 1) : text;
}

function parseValue(name: string, text: string): string | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  // Microsoft Entra writes `primary eq "True"`.
  if (name === 'primary' && /^"(?:true|false)"$/i.test(text)) return text.toLowerCase() === '"true"';
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
}

/** A name by the grammar of RFC 7643 section 2.1, with up to two sub-attributes: `manager.displayName`. */
const NAMES = /^[A-Za-z$][\w$-]{0,127}(?:\.[A-Za-z$][\w$-]{0,127}){0,2}$/;
/** The URN of a schema, and the colon behind it. */
const URN = /^urn:[\w.:-]{1,400}:/i;
/** A filter's texts in quotes, and any other characters except brackets. It is checked, but not evaluated. */
const FILTER = /^(?:[^"[\]]|"(?:[^"\\]|\\.)*")+$/;
const COMPARES = /\s(?:eq|ne|co|sw|ew|gt|ge|lt|le)\s|\spr\b/i;

export interface PathParts {
  readonly urn: string;
  /** The attribute, and its sub-attributes behind points. */
  readonly names: string;
  readonly filter: string | undefined;
  /** The sub-attribute behind the filter, with its point. */
  readonly rest: string;
}

/**
 * Splits a path by RFC 7644's grammar (section 3.5.2), whether or not its attribute is stored. Undefined for a malformed
 * path.
 */
export function splitPath(text: string): PathParts | undefined {
  if (text.length > MAX_PATH) return undefined;
  const [open, close] = [text.indexOf('['), text.lastIndexOf(']')];
  const head = open < 0 ? text : text.slice(0, open);
  const urn = URN.exec(head)?.[0] ?? '';
  const names = head.slice(urn.length);
  if (!NAMES.test(names)) return undefined;
  if (open < 0) return close < 0 ? { urn, names, filter: undefined, rest: '' } : undefined;
  const [filter, rest] = [text.slice(open + 1, close), text.slice(close + 1)];
  const isWhole = FILTER.test(filter) && COMPARES.test(filter) && (rest === '' || NAMES.test(rest.slice(1)));
  return isWhole && (rest === '' || rest.startsWith('.')) ? { urn, names, filter, rest } : undefined;
}

/**
 * Attributes that decide whether a person may sign in, and to which account. A path to one of them below another schema's URN
 * is a mistake: RFC 7643 defines them in the core schemas alone.
 */
const DECIDING: ReadonlySet<string> = new Set(['active', 'username', 'externalid', 'members']);

/**
 * True for a path with a schema's URN whose attribute, or a part of it, has the name of an attribute that decides about
 * access. Attack: somebody who has left stays active, since a directory names `active` under a URN that is not the one
 * of the core schema, and the answer is 200.
 */
export function isMisplaced({ urn, names, rest }: PathParts): boolean {
  return urn !== '' && `${names}${rest}`.split('.').some((name) => DECIDING.has(name.toLowerCase()));
}

/** Attributes of which only some parts are stored. Others are stored as a whole. */
const hasParts = (attribute: string) =>
  attribute === 'name' || (LIST_ATTRIBUTES as readonly string[]).includes(attribute);

/**
 * Returns the name that a path addresses, without its filter, if this server does not store it: an attribute, a
 * sub-attribute or an attribute of an extension. Returns undefined for a malformed path, and for a path into a stored
 * attribute. So a path to `active` that cannot be applied is never ignored, whatever the URN before it.
 */
export function findUnstoredName(text: string): string | undefined {
  const parts = splitPath(withoutCoreSchema(text));
  if (parts === undefined || isMisplaced(parts)) return undefined;
  if (text.toLowerCase() === CORE_SCHEMA.toLowerCase()) return undefined;
  const { urn, names, filter = '', rest } = parts;
  const name = `${urn}${names}${rest}`;
  const [root = '', sub = rest.slice(1)] = names.split('.');
  const isEnterprise = urn.toLowerCase() === `${ENTERPRISE_SCHEMA}:`.toLowerCase();
  if (urn !== '') return isEnterprise && findSubAttribute(root) !== undefined ? undefined : name;
  const attribute = findAttribute(root);
  if (attribute === undefined) return name;
  if (!hasParts(attribute)) return undefined;
  const compared = /^\s*([A-Za-z$][\w$-]*)\s+eq\s/i.exec(filter)?.[1];
  const isStored = (part: string) => findSubAttribute(part) !== undefined;
  if (compared !== undefined && !isStored(compared)) return name;
  return sub === '' || isStored(sub) ? undefined : name;
}

type Item = Readonly<Record<string, unknown>>;

const isItem = (value: unknown): value is Item => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * True for an item of a list that matches the path's filter. Ignores the case of strings, as RFC 7643 does for `type`.
 */
export function fitsPath(item: unknown, { where }: Pick<AttributePath, 'where'>): item is Item {
  if (!isItem(item)) return false;
  if (where === undefined) return true;
  const value = item[where.name];
  return typeof value === 'string' && typeof where.value === 'string'
    ? value.toLowerCase() === where.value.toLowerCase()
    : value === where.value;
}

/**
 * Returns the value at a path. In a list, it is that of the first matching item; an only item counts as the primary
 * one.
 */
export function readPath(resource: ScimResource, path: AttributePath): unknown {
  const value = resource[path.attribute];
  if (!Array.isArray(value)) return path.sub === undefined ? value : isItem(value) ? value[path.sub] : undefined;
  const only = value.length === 1 && path.where?.name === 'primary' ? value[0] : undefined;
  const item: unknown = value.find((candidate) => fitsPath(candidate, path)) ?? only;
  return path.sub === undefined ? item : isItem(item) ? item[path.sub] : undefined;
}
