/**
 * Reads a request to `/dbconnections`: JSON or a form, with the application and the database connection that it names.
 * Refusals have the properties of both of Auth0's forms, since its libraries read one or the other. Must never tell
 * whether an account exists: everything here is decided by settings and the request.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Email, parseEmail } from '../../domain/people/email.js';
import { isClosedToApplication, isEnterprise, type OrganizationConnection } from '../../domain/tenant.js';
import { isWithinBounds } from '../../kernel/json-bounds.js';
import { looksLikeOrganizationId } from '../../login/1-identify.js';
import type { LoginReads, LoginTarget } from '../../ports/login-store.js';
import { MalformedForm, parseForm } from '../form.js';
import { isOriginOf } from '../oauth/cors.js';

/** A refusal of `/dbconnections`: a value, sent by {@link sendRefusal}. */
export class DatabaseRefusal {
  constructor(
    readonly status: 400 | 403 | 413 | 415 | 429,
    /** `error` of the Authentication API, and `code` of the older form. */
    readonly code: string,
    readonly description: string,
    readonly name = 'BadRequestError',
  ) {}
}

const invalid = (description: string) => new DatabaseRefusal(400, 'invalid_request', description, 'ValidationError');

/** Sends a refusal. */
export function sendRefusal(reply: FastifyReply, refusal: DatabaseRefusal): FastifyReply {
  const { status, code, description, name } = refusal;
  return reply
    .code(status)
    .send({ error: code, error_description: description, name, code, description, statusCode: status });
}

export type Fields = Readonly<Record<string, unknown>>;

/** Maximum number of characters of a text in a request. */
const MAX_CHARACTERS = 4_000;
/** Metadata has at most this depth and number of values. */
const BOUNDS = { depth: 10, values: 300 };

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseText(contentType: string | undefined, text: string): Fields | undefined {
  if ((contentType ?? '').split(';')[0]?.trim().toLowerCase() === 'application/x-www-form-urlencoded') {
    const form = parseForm(text);
    return form instanceof MalformedForm ? undefined : { ...form };
  }
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** True when every text can be stored: PostgreSQL takes neither a NUL character nor half a surrogate pair. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !/\p{Surrogate}/u.test(value) && !value.includes('\0');
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, item]) => isStorable(key) && isStorable(item));
}

/** Returns the fields of a body of bytes. Refuses what is no object, is not UTF-8, or nests too deep. */
export function readBody(request: FastifyRequest): Fields | DatabaseRefusal {
  if (!Buffer.isBuffer(request.body)) return invalid('The request has no body');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(request.body);
  } catch {
    return invalid('The body is not UTF-8');
  }
  const fields = parseText(request.headers['content-type'], text);
  if (fields === undefined) return invalid('The body is not a JSON object or a form');
  if (!isWithinBounds(fields, BOUNDS)) return invalid('The body nests too deep, or holds too many values');
  if (!isStorable(fields)) return invalid('A field has a character that is not allowed');
  return fields;
}

/** Returns a text of the request; undefined when it is absent, null or empty. Refuses other types, and long texts. */
export function textOf(fields: Fields, name: string): string | DatabaseRefusal | undefined {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') return invalid(`${name} must be a text`);
  return value.length > MAX_CHARACTERS ? invalid(`${name} has more than ${MAX_CHARACTERS} characters`) : value;
}

/**
 * Refuses a browser's request from a page that is neither the application's nor this server's. Attack: any web page
 * sends mail to any address through its visitors' browsers, each with limits of its own. A program sends no `Origin`.
 */
export function checkOrigin(
  { headers: { origin } }: Pick<FastifyRequest, 'headers'>,
  own: string,
  { client }: LoginTarget,
): DatabaseRefusal | undefined {
  if (origin === undefined || origin === own || isOriginOf(client, origin)) return undefined;
  const description = 'This origin is neither in web_origins nor that of a callback of the application';
  return new DatabaseRefusal(403, 'access_denied', description, 'ForbiddenError');
}

export interface DatabaseRequest {
  readonly email: Email;
  readonly target: LoginTarget;
  readonly database: OrganizationConnection;
}

const UNKNOWN_CLIENT = new DatabaseRefusal(400, 'invalid_client', 'Unknown client, or no client_id');
const UNKNOWN_CONNECTION = new DatabaseRefusal(
  400,
  'invalid_connection',
  'This application has no database connection of this name',
);

/** Checks that the application may name this organization, and that there is one. */
function checkOrganization({ client, tenant, organization }: LoginTarget, asked: string): DatabaseRefusal | undefined {
  if (client.organizationUsage === 'deny') return invalid('This application does not use organizations');
  if (!looksLikeOrganizationId(asked) && !tenant.allowOrganizationName) return invalid('organization takes an id');
  if (organization === undefined || organization.blocked) return invalid('There is no such organization');
  if (isClosedToApplication(organization, client.clientId))
    return invalid('This application is not enabled for this organization');
  return undefined;
}

/**
 * Returns what the fields name: the address, the application with its organization, and the database, which has to be
 * enabled for them. The names of all three are no secret.
 */
export async function findDatabaseRequest(
  fields: Fields,
  reads: Pick<LoginReads, 'findTarget'>,
): Promise<DatabaseRequest | DatabaseRefusal> {
  const [clientId, connection, address, username, organization] = [
    textOf(fields, 'client_id'),
    textOf(fields, 'connection'),
    textOf(fields, 'email'),
    textOf(fields, 'username'),
    textOf(fields, 'organization'),
  ];
  for (const one of [clientId, connection, address, username, organization])
    if (one instanceof DatabaseRefusal) return one;
  const email = parseEmail(address ?? username);
  if (typeof clientId !== 'string') return UNKNOWN_CLIENT;
  if (connection === undefined) return invalid('connection is required');
  if (email === undefined) return invalid('email is required, and must be an address');
  const asked = typeof organization === 'string' ? organization : undefined;
  const target = await reads.findTarget({ clientId, ...(asked !== undefined && { organization: asked }) });
  if (target === undefined) return UNKNOWN_CLIENT;
  const wrong = asked === undefined ? undefined : checkOrganization(target, asked);
  if (wrong) return wrong;
  const database = target.connections.find(
    (item) => item.connection.name === connection && !isEnterprise(item.connection.strategy),
  );
  return database === undefined ? UNKNOWN_CONNECTION : { email, target, database };
}
