/** The properties that the bodies of writes may have, by the path of their resource, as the served document has them. Starts nothing. */
import { listOperations, readDocument } from '../../scripts/docs/api/pages.js';
import { resolve, type Schema, toRows } from '../../scripts/docs/api/schema.js';

const DEPTH = 5;

/** A property of a body. */
export interface ServedProperty {
  /** `/clients` for the body of `/clients/{id}`, too. */
  readonly at: string;
  readonly path: string;
}

const toResource = (path: string): string => path.replace(/\/\{\w+\}$/, '');

/** Lists them all, those of operations that answer for an absent feature left out. */
export function listServedProperties(): readonly ServedProperty[] {
  const document = readDocument();
  const schemas = document.components.schemas;
  const found = listOperations(document)
    .filter(({ key, item }) => item['x-absent'] !== true && !key.startsWith('get '))
    .flatMap(({ path, item }) => {
      const schema: Schema = Object.values(item.requestBody?.content ?? {})[0]?.schema ?? {};
      const whole = resolve(schema, schemas);
      const forms = [...(whole.oneOf ?? []), ...(whole.anyOf ?? [])].filter((one) => resolve(one, schemas).properties);
      const bodies = forms.length > 0 ? forms : [whole.type === 'array' ? (whole.items ?? {}) : schema];
      const rows = bodies.flatMap((body) => toRows(body, schemas, () => true, '', DEPTH));
      return rows.map((row) => ({ at: toResource(path), path: row.path }));
    });
  return [...new Map(found.map((one) => [`${one.at} ${one.path}`, one])).values()];
}
