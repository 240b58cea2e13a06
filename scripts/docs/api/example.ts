/**
 * Makes an example of each request as a curl command. The body is a row of example-bodies.ts, or the smallest one that
 * the schema accepts. A test sends each one through the server's own validation.
 */
import { BODIES } from './example-bodies.js';
import { resolve, type Schema, type Schemas } from './schema.js';

/** Requests whose body is a file, because it is too long for an example or is a form. */
const FILES: Readonly<Record<string, readonly string[]>> = {
  'post /branding/themes': ["-H 'Content-Type: application/json'", '-d @theme.json'],
  'patch /branding/themes/{themeId}': ["-H 'Content-Type: application/json'", '-d @theme.json'],
  'post /jobs/users-imports': ['-F users=@users.json', '-F connection_id=con_2kQv8ZpXwR4sTn7B'],
};

/** Returns the smallest value that `schema` accepts. A text becomes the name of its property. */
function toValue(schema: Schema, all: Schemas, name: string): unknown {
  const whole = resolve(schema, all);
  const [first] = [...(whole.oneOf ?? []), ...(whole.anyOf ?? [])];
  if (whole.enum !== undefined) return whole.enum[0];
  const type = [whole.type ?? []].flat()[0];
  if (type === undefined && first !== undefined) return toValue(first, all, name);
  if (type === 'boolean') return true;
  if (type === 'integer' || type === 'number') return whole.minimum ?? 1;
  if (type === 'array') return [toValue(whole.items ?? {}, all, name)];
  return type === 'object' ? toObject(whole, all) : name;
}

function toObject(schema: Schema, all: Schemas): object {
  const least = Number(schema.minProperties ?? 0);
  const chosen = Object.entries(schema.properties ?? {}).filter(
    ([name], index) => schema.required?.includes(name) || index < least,
  );
  return Object.fromEntries(chosen.map(([name, value]) => [name, toValue(value, all, name)]));
}

/** Returns the body of an example; undefined if the request has none, or if it is a file. */
export function toBody(key: string, schema: Schema | undefined, all: Schemas): unknown {
  if (schema === undefined || FILES[key] !== undefined) return undefined;
  return BODIES[key] ?? toValue(schema, all, 'body');
}

function toSent(key: string, body: unknown): readonly string[] {
  if (body === undefined) return FILES[key] ?? [];
  const text = JSON.stringify(body);
  const shown = text.length > 60 ? JSON.stringify(body, null, 2).replaceAll('\n', '\n  ') : text;
  return ["-H 'Content-Type: application/json'", `-d '${shown.replaceAll("'", `'\\''`)}'`];
}

const toVariable = (parameter: string): string => parameter.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();

/**
 * Returns the request `method path` as a command. The first page of the reference sets `$API` and `$TOKEN`; `query` has
 * the required parameters.
 */
export function toCurl(key: string, body: unknown, query: readonly string[]): string {
  const [method = '', path = ''] = key.split(' ');
  const address = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => `$${toVariable(name)}`);
  const asked = query.map((name) => `${name}=$${toVariable(name)}`).join('&');
  const verb = method === 'get' ? '' : `-X ${method.toUpperCase()} `;
  const first = `curl ${verb}"$API${address}${asked === '' ? '' : `?${asked}`}"`;
  return [first, '-H "Authorization: Bearer $TOKEN"', ...toSent(key, body)].join(' \\\n  ');
}
