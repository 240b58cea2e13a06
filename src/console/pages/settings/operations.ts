/** Converts the OpenAPI document to the rows of the API reference. Pure. */

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: Readonly<Record<string, unknown>>;
}

interface Declared {
  readonly summary?: string;
  readonly description?: string;
  readonly 'x-absent'?: boolean;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: unknown }>> };
  readonly responses?: Readonly<Record<string, unknown>>;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Declared>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

export interface ShownOperation {
  readonly key: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly description: string | undefined;
  readonly scopes: readonly string[];
  readonly parameters: readonly {
    readonly name: string;
    readonly place: string;
    readonly type: string;
    readonly required: boolean;
  }[];
  /** The JSON Schema of the request's body, as text; undefined for an operation without a body. */
  readonly body: string | undefined;
  readonly statuses: readonly string[];
  /** The text that the search compares, in lower case. */
  readonly searched: string;
}

/**
 * Returns the schema that a `$ref` names; a schema without `$ref` is returned as it is. Leaves references inside the
 * schema as they are, since some schemas contain themselves.
 */
function resolve(schema: unknown, { components }: OpenApi): unknown {
  const { $ref: ref } = (schema ?? {}) as { readonly $ref?: string };
  return ref === undefined ? schema : components.schemas[ref.split('/').at(-1) ?? ''];
}

function typeOf(schema: Readonly<Record<string, unknown>> = {}): string {
  if (Array.isArray(schema.enum)) return schema.enum.join(' | ');
  const type = [schema.type ?? 'any'].flat().join(' | ');
  return typeof schema.format === 'string' ? `${type} (${schema.format})` : type;
}

function toOperation(document: OpenApi, path: string, method: string, declared: Declared): ShownOperation {
  const [content] = Object.values(declared.requestBody?.content ?? {});
  const scopes = (declared.security ?? []).flatMap((one) => Object.values(one).flat());
  const summary = declared.summary ?? '';
  return {
    key: `${method} ${path}`,
    method: method.toUpperCase(),
    path,
    summary: declared['x-absent'] === true ? `${summary} (answers empty here)` : summary,
    description: declared.description,
    scopes,
    parameters: (declared.parameters ?? []).map(({ name, in: place, required = false, schema }) => ({
      name,
      place,
      type: typeOf(schema),
      required,
    })),
    body: content?.schema === undefined ? undefined : JSON.stringify(resolve(content.schema, document), null, 2),
    statuses: Object.keys(declared.responses ?? {}),
    searched: `${method} ${path} ${summary} ${scopes.join(' ')}`.toLowerCase(),
  };
}

/** Returns all operations, in the order of the document. */
export function listOperations(document: OpenApi): readonly ShownOperation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, declared]) => toOperation(document, path, method, declared)),
  );
}
