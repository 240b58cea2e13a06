/**
 * Types of the requests and answers of the Management API, taken from its OpenAPI document (schema.d.ts), so that no
 * page declares an answer by hand. Types only.
 */
import type { paths } from './schema.js';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** The paths that have an operation with the method `M`. */
export type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends Readonly<Record<M, { readonly responses: unknown }>> ? P : never;
}[keyof paths];

type Success = 200 | 201 | 202 | 204;
type BodyOf<Reply> = Reply extends { readonly content: { readonly 'application/json': infer Body } } ? Body : undefined;
type AnswerOf<Operation> = Operation extends { readonly responses: infer Replies }
  ? { [Status in keyof Replies]: Status extends Success ? BodyOf<Replies[Status]> : never }[keyof Replies]
  : never;

/** The answer of an operation, for example `Answer<'/roles/{id}'>`. */
export type Answer<P extends PathOf<M>, M extends Method = 'get'> = AnswerOf<paths[P][M]>;

type List = readonly unknown[];
interface Counted {
  readonly start: number;
}

type ItemOf<Lists> = Lists extends readonly (infer Item)[]
  ? Item
  : { [Key in keyof Lists]-?: Lists[Key] extends readonly (infer Item)[] ? Item : never }[keyof Lists];

/** One row of a list, for example `Row<'/roles'>`. */
export type Row<P extends PathOf<'get'>> = ItemOf<Answer<P>>;

/**
 * The type of a list's answer, depending on the query. `include_totals` gives a counted list. `take` gives a list with
 * a cursor, except in the log, whose cursors are ids of lines. Otherwise it is a bare array. Operations that are no
 * lists have one type.
 */
export type FormOf<P extends PathOf<M>, M extends Method, S> = [Extract<Answer<P, M>, List>] extends [never]
  ? Answer<P, M>
  : [Exclude<Answer<P, M>, List>] extends [never]
    ? Answer<P, M>
    : S extends { readonly params: { readonly query: { readonly include_totals: boolean } } }
      ? Extract<Answer<P, M>, Counted>
      : P extends '/logs'
        ? Extract<Answer<P, M>, List>
        : S extends { readonly params: { readonly query: { readonly take: number } } }
          ? Exclude<Answer<P, M>, List | Counted>
          : Extract<Answer<P, M>, List>;

type QueryOf<Operation> = Operation extends { readonly parameters: { readonly query?: infer Query } } ? Query : never;
type Params<Operation> = Operation extends { readonly parameters: { readonly path: infer Path } }
  ? { readonly params: { readonly path: Path; readonly query?: QueryOf<Operation> } }
  : Operation extends { readonly parameters: { readonly query: infer Query } }
    ? { readonly params: { readonly query: Query } }
    : { readonly params?: { readonly query?: QueryOf<Operation> } };
type ContentOf<Request> = Request extends { readonly content: infer Content } ? Content[keyof Content] : never;
type SentBody<Operation> = Operation extends { readonly requestBody: infer Request }
  ? { readonly body: ContentOf<Request> }
  : Operation extends { readonly requestBody?: infer Request }
    ? { readonly body?: ContentOf<NonNullable<Request>> }
    : object;

/** The request of an operation: its parameters, its body, and headers such as `if-match`. */
export type Sent<P extends PathOf<M>, M extends Method> = Params<paths[P][M]> &
  SentBody<paths[P][M]> & { readonly headers?: Readonly<Record<string, string>> };

/** The type of the body that the operation accepts. */
export type SentBodyOf<P extends PathOf<M>, M extends Method> =
  Sent<P, M> extends { readonly body?: infer Body } ? NonNullable<Body> : never;
