/**
 * The declaration of one endpoint: method, path, scopes, answer, and the function that does the work. Routes,
 * validation, list forms, log lines and the OpenAPI document are derived from these declarations.
 */
import type { Directory, Page, PageRequest } from '../../ports/directory.js';
import type { OutgoingMail } from '../../ports/mailer.js';
import type { Caller } from './deps.js';
import type { MultipartForm } from './multipart.js';

export type JsonSchema = { readonly [keyword: string]: unknown };
export type Wire = Readonly<Record<string, unknown>>;

export interface Paging {
  readonly mode: 'bare' | 'totals' | 'checkpoint' | 'paged';
  readonly request: PageRequest;
}

export interface Call {
  /** The directory; bound to a transaction, except for GET. */
  readonly directory: Directory;
  readonly caller: Caller;
  readonly now: Date;
  /** Address and program that sent the request. */
  readonly from: { readonly ip: string; readonly userAgent: string | undefined };
  readonly params: Readonly<Record<string, string>>;
  /** Validated and coerced by Auth0's schema. Parameters unknown to the schema are unchanged. */
  readonly query: Readonly<Record<string, unknown>>;
  /** Validated by Auth0's schema with this server's additions. */
  readonly body: unknown;
  /** The file of an operation that accepts a form. */
  readonly file?: Buffer;
  readonly paging: Paging;
}

export interface Reply {
  readonly body?: unknown;
  /** The whole resource if the body is only a part of it: the version is computed from this. Never sent. */
  readonly whole?: Wire;
  /** The items of a list operation; the plugin gives them the requested form. */
  readonly page?: Page<Wire>;
  /** Mails that are stored in the transaction, and sent after it. */
  readonly mail?: readonly OutgoingMail[];
  /** Set if this answer is 204 without a body. */
  readonly empty?: true;
  /** Runs after the transaction, for work that is not part of it. An error reaches the caller, though the write stays. */
  readonly after?: () => void | Promise<void>;
  /** The subject of this write's log line, unless the path names one. */
  readonly log?: {
    readonly userId?: string;
    readonly organizationId?: string;
    readonly connectionId?: string;
    /** Further details of the line, besides request and response. */
    readonly details?: Wire;
  };
}

export interface ListForm {
  /** Property of the items in the forms with totals and with a cursor. */
  readonly key: string;
  /** `object`: the cursor form is the default. `paged`: always `{KEY, total, page, per_page}`. */
  readonly form?: 'object' | 'paged';
  /** Invitations have no total; some lists repeat their length. */
  readonly totals?: 'without-total' | 'with-length';
  /**
   * True when the cursor form exists. `log-id`: the form of the log. Its cursor is the id of a line; `take` and `from`
   * return a bare array unless `include_totals` is sent too, and `page` keeps counting.
   */
  readonly checkpoint: boolean | 'log-id';
  /** In the cursor form every page with items names a next one, as Auth0 does for members (recorded). */
  readonly nextUntilEmpty?: true;
  /** True when the list can be sorted by a text, which its cursors then contain. */
  readonly byText?: true;
  readonly defaultPageSize?: number;
  /** Maximum items of a page with a cursor, if not a hundred. */
  readonly maxPageSize?: number;
}

export interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Path of the operation as in Auth0's document: `/organizations/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly status: 200 | 201 | 202 | 204;
  /** Schema of the answer, or of one item when `list` is given. Answers may have further properties. */
  readonly reply?: JsonSchema;
  readonly list?: ListForm;
  /** `fields` and `include_fields` choose properties of the answer; a list names those that are always included. */
  readonly fields?: true | readonly string[];
  /** True when the operation may also answer 204. */
  readonly mayBeEmpty?: true;
  /** The request is `multipart/form-data` of at most `limitBytes`: fields that the schema checks, and the file. */
  readonly form?: { readonly limitBytes: number; toBody(form: MultipartForm): { body: unknown; file: Buffer } };
  /** Statuses of refusals that are possible besides 400, 401, 403. */
  readonly refusals: readonly (404 | 409 | 412 | 429)[];
  /** A POST that writes nothing: no transaction, no log line. */
  readonly readsOnly?: true;
  /**
   * True for an absent feature: answers like a tenant that does not use the feature. The served document marks it
   * (`x-absent`).
   */
  readonly absent?: true;
  /**
   * Runs before the transaction of a write, for work that needs the network. Writes nothing; an error refuses the call.
   * See {@link inTwoSteps}.
   */
  prepare?(call: Call): Promise<unknown>;
  /** Does the work; a write in its transaction. `prepared` is the result of `prepare`. */
  run(call: Call, prepared?: unknown): Promise<Reply>;
}

/** Pairs the work before the transaction of a write with the work in it, which gets the result of the first. */
export function inTwoSteps<Prepared>(
  prepare: (call: Call) => Promise<Prepared>,
  run: (call: Call, prepared: Prepared) => Promise<Reply>,
): Pick<Operation, 'prepare' | 'run'> {
  return { prepare, run: (call, prepared) => run(call, prepared as Prepared) };
}

/** Returns the key of an operation in tables: `get /users/{id}`. */
export function keyOf(operation: Pick<Operation, 'method' | 'path'>): string {
  return `${operation.method} ${operation.path}`;
}
