/**
 * The declaration of one endpoint: method, path, scopes, answer, and the function that does the work. Everything else (routes, validation,
 * list forms, log lines, the OpenAPI document) is derived from these declarations.
 */
import type { RecordFinding } from '../../domain/companies/domain-proof.js';
import type { FirstKeys } from '../../ports/connection-keys.js';
import type { Directory, Page, PageRequest } from '../../ports/directory.js';
import type { OutgoingMail } from '../../ports/mailer.js';
import type { StoredSigningKey } from '../../ports/signing-key-store.js';
import type { Caller } from './deps.js';
import type { MultipartForm } from './multipart.js';

export type JsonSchema = { readonly [keyword: string]: unknown };
export type Wire = Readonly<Record<string, unknown>>;

export interface Paging {
  readonly mode: 'bare' | 'totals' | 'checkpoint' | 'paged';
  readonly request: PageRequest;
}

export interface Call {
  /** In a transaction for everything but GET. */
  readonly directory: Directory;
  readonly caller: Caller;
  readonly now: Date;
  /** The sender of the request. */
  readonly from: { readonly ip: string; readonly userAgent: string | undefined };
  readonly params: Readonly<Record<string, string>>;
  /** Validated and coerced by Auth0's schema; parameters that the schema does not know stay as they came. */
  readonly query: Readonly<Record<string, unknown>>;
  /** Validated by Auth0's schema with this server's additions. */
  readonly body: unknown;
  /** The file, where the operation takes a form. */
  readonly file?: Buffer;
  readonly paging: Paging;
  /** The finding about the identity provider of a connection; see {@link Operation.prepare}. */
  readonly discovery?: Wire | undefined;
  /** A key that was made for this call; see {@link Operation.prepare}. */
  readonly newSigningKey?: StoredSigningKey | undefined;
  /** Two keys of a connection that were made for this call; see {@link Operation.prepare}. */
  readonly firstKeys?: FirstKeys | undefined;
  /** The finding about the TXT record of a domain; see {@link Operation.prepare}. */
  readonly recordFinding?: RecordFinding | undefined;
}

/** The data that was found before the transaction of a write. */
export type Prepared = Pick<Call, 'discovery' | 'recordFinding' | 'newSigningKey' | 'firstKeys'>;

export interface Reply {
  readonly body?: unknown;
  /** All that a change would change, where the body is a part of it: its version is that of this. Never sent. */
  readonly whole?: Wire;
  /** Of a list operation: the items, formed by the plugin into the form that was asked for. */
  readonly page?: Page<Wire>;
  /** Put into the outbox after the transaction. */
  readonly mail?: readonly OutgoingMail[];
  /** True when there is nothing to tell: 204, where the operation may be empty. */
  readonly empty?: true;
  /** A bulk import was queued: its worker is woken after the transaction. */
  readonly startsImport?: true;
  /** The counters of these subjects start again after the transaction: they are no part of it. */
  readonly liftsLimitsOf?: readonly string[];
  /** Signing keys were changed: this node reads them again after the transaction. */
  readonly changesKeys?: true;
  /** The subject of this write's log line, where the path does not tell it. */
  readonly log?: {
    readonly userId?: string;
    readonly organizationId?: string;
    readonly connectionId?: string;
    /** Further facts for the line's details, beside request and response. */
    readonly details?: Wire;
  };
}

export interface ListForm {
  /** Name of the items in the forms with totals and with a cursor. */
  readonly key: string;
  /** `object`: the cursor form even when nothing was asked. `paged`: always `{KEY, total, page, per_page}`. */
  readonly form?: 'object' | 'paged';
  /** Invitations have no total, some lists repeat their length. */
  readonly totals?: 'without-total' | 'with-length';
  /**
   * True when the cursor form exists. `log-id`: the form of the log, where a cursor is the id of a line, `take` and `from` give a bare
   * array unless `include_totals` is sent too, and `page` goes on counting.
   */
  readonly checkpoint: boolean | 'log-id';
  /** With a cursor, every page that has items names a next one, as Auth0 does it for members (its recordings). */
  readonly nextUntilEmpty?: true;
  /** The list can be ordered by a text, so its cursors may have one. */
  readonly byText?: true;
  readonly defaultPageSize?: number;
  /** Most items of a page with a cursor, where it is not the usual hundred. */
  readonly maxPageSize?: number;
}

export interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** As in Auth0's document: `/organizations/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly status: 200 | 201 | 202 | 204;
  /** Shape of the answer: of one item when `list` is given. Answers may carry more. */
  readonly reply?: JsonSchema;
  readonly list?: ListForm;
  /** `fields` and `include_fields` choose properties of the answer; a list names those that `fields` never leaves out. */
  readonly fields?: true | readonly string[];
  /** The answer may be 204 instead. */
  readonly mayBeEmpty?: true;
  /** The request is `multipart/form-data`, of at most so many bytes: the fields that the schema checks, and the file. */
  readonly form?: { readonly limitBytes: number; toBody(form: MultipartForm): { body: unknown; file: Buffer } };
  /** Statuses that it may answer beside 400, 401, 403. */
  readonly refusals: readonly (404 | 409 | 412 | 429)[];
  /** A POST that writes nothing: no transaction, no log line. */
  readonly readsOnly?: true;
  /** Of a feature that is not there: it answers as a tenant that does not use it. The served document marks it (`x-absent`). */
  readonly absent?: true;
  /** Runs before the transaction of a write, for work that needs the network. Writes nothing; an error that it throws refuses the call. */
  prepare?(call: Call): Promise<Prepared>;
  run(call: Call): Promise<Reply>;
}

/** The key of an operation in tables: `get /users/{id}`. */
export function keyOf(operation: Pick<Operation, 'method' | 'path'>): string {
  return `${operation.method} ${operation.path}`;
}
