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
  /** The directory; for a write, bound to the transaction of this request. */
  readonly directory: Directory;
  readonly caller: Caller;
  readonly now: Date;
  /** The address and the user agent that sent the request. */
  readonly from: { readonly ip: string; readonly userAgent: string | undefined };
  readonly params: Readonly<Record<string, string>>;
  /**
   * The query, validated and converted by Auth0's schema. Parameters that the schema does not name are left unchanged.
   */
  readonly query: Readonly<Record<string, unknown>>;
  /** Validated by Auth0's schema with this server's additions. */
  readonly body: unknown;
  /** The uploaded file, for an operation that accepts a form. */
  readonly file?: Buffer;
  readonly paging: Paging;
}

export interface Reply {
  readonly body?: unknown;
  /** The whole resource, if `body` is only a part of it. The ETag is computed from it; it is never sent. */
  readonly whole?: Wire;
  /** The items of a list operation; plugin.ts converts them into the form that the caller requested. */
  readonly page?: Page<Wire>;
  /** Mails to queue in the transaction; they are sent after it. */
  readonly mail?: readonly OutgoingMail[];
  /** True if this answer has status 204 and no body. */
  readonly empty?: true;
  /** Runs after the transaction. If it throws, the caller gets the error, but the write is already committed. */
  readonly after?: () => void | Promise<void>;
  /** The user, organization and connection for the log line of this write. Default: those in the path. */
  readonly log?: {
    readonly userId?: string;
    readonly organizationId?: string;
    readonly connectionId?: string;
    /** Further details of the log line, besides request and response. */
    readonly details?: Wire;
  };
}

export interface ListForm {
  /** The property that holds the items in answers with totals or with a cursor. */
  readonly key: string;
  /** `object`: answers have the cursor form by default. `paged`: answers are always `{KEY, total, page, per_page}`. */
  readonly form?: 'object' | 'paged';
  /**
   * Auth0's list of invitations has no `total`; some lists also have `length`, the number of their items. Most
   * `paged` lists omit a zero; those `with-zeros` show it.
   */
  readonly totals?: 'without-total' | 'with-length' | 'with-zeros';
  /**
   * True when the list can be read with a cursor. `log-id` is the special form of the log: its cursor is the id of a
   * line. With `take` or `from`, the answer is a bare array unless `include_totals` is sent too, and `page` is still
   * respected.
   */
  readonly checkpoint: boolean | 'log-id';
  /** True when each page with items has a `next` cursor, even the last one, as recorded for members on Auth0. */
  readonly nextUntilEmpty?: true;
  /** True when the list can be sorted by a text. Its cursors then contain that text. */
  readonly byText?: true;
  readonly defaultPageSize?: number;
  /** Maximum items of a page that is read with a cursor; default 100. */
  readonly maxPageSize?: number;
}

export interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Path of the operation as in Auth0's document: `/organizations/{id}`. */
  readonly path: string;
  readonly summary: string;
  /** Status of a successful answer. Default: 200 with a `reply`, 204 without ({@link statusOf}). */
  readonly status?: 200 | 201 | 202 | 204;
  /** Schema of the answer; of one item when `list` is given. Answers may have further properties. */
  readonly reply?: JsonSchema;
  readonly list?: ListForm;
  /**
   * Whether `fields` and `include_fields` choose properties of the answer. A list names properties that are always
   * included.
   */
  readonly fields?: true | readonly string[];
  /** True when the operation may also answer 204 without a body. */
  readonly mayBeEmpty?: true;
  /**
   * Set for a `multipart/form-data` request of at most `limitBytes`. `toBody` returns the fields, which the schema
   * checks, and the file.
   */
  readonly form?: { readonly limitBytes: number; toBody(form: MultipartForm): { body: unknown; file: Buffer } };
  /** Statuses of refusals that the operation may answer, besides 400, 401 and 403. */
  readonly refusals?: readonly (404 | 409 | 412 | 429)[];
  /** True for a POST that writes nothing. It gets no transaction and no log line. */
  readonly readsOnly?: true;
  /**
   * True for a feature that this server does not have: the operation answers like a tenant that does not use the
   * feature. The served OpenAPI document marks it (`x-absent`).
   */
  readonly absent?: true;
  /**
   * Runs before the transaction of a write, for work that needs the network. Must write nothing; an error refuses the
   * request. See {@link inTwoSteps}.
   */
  prepare?(call: Call): Promise<unknown>;
  /** Does the work of the operation, for a write inside its transaction. `prepared` is the result of `prepare`. */
  run(call: Call, prepared?: unknown): Promise<Reply>;
}

/**
 * Returns the two functions of a write: `prepare` runs before the transaction; `run` runs in it and gets the result of
 * `prepare`.
 */
export function inTwoSteps<Prepared>(
  prepare: (call: Call) => Promise<Prepared>,
  run: (call: Call, prepared: Prepared) => Promise<Reply>,
): Pick<Operation, 'prepare' | 'run'> {
  return { prepare, run: (call, prepared) => run(call, prepared as Prepared) };
}

/** Returns the status of a successful answer. */
export function statusOf({ status, reply }: Pick<Operation, 'status' | 'reply'>): number {
  return status ?? (reply === undefined ? 204 : 200);
}

/** Returns the key of an operation in tables, for example `get /users/{id}`. */
export function keyOf(operation: Pick<Operation, 'method' | 'path'>): string {
  return `${operation.method} ${operation.path}`;
}
