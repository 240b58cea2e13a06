/**
 * The types of Auth0's document of answers (test/management/auth0-answers.subset.json): holds one answer against them. Further properties are open, and
 * formats and lengths are those of requests. Must not forgive more than the departures that are named here.
 */
import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { ADDED_VALUES } from '../../src/management/additions.js';

export type Shape = { readonly [keyword: string]: unknown };
interface Answers {
  readonly operations: Readonly<Record<string, Shape>>;
  readonly definitions: Readonly<Record<string, Shape>>;
}

const auth0 = JSON.parse(
  readFileSync(new URL('../management/auth0-answers.subset.json', import.meta.url), 'utf8'),
) as unknown as Answers;

/** Where the service departs from its document, and this server with it: a role without a description shows null. */
const DESCRIPTION_MAY_BE_NULL = /^((Get|Create|Update)?Role(ResponseContent)?|OrganizationMemberEffectiveRole)$/;

/** Auth0's definitions with the values that this server adds to them. */
function widened(name: string, definition: Shape): Shape {
  const { description, ...properties } = (definition.properties ?? {}) as Shape;
  if (description !== undefined && DESCRIPTION_MAY_BE_NULL.test(name))
    return { ...definition, properties: { ...properties, description: { type: ['string', 'null'] } } };
  const added = ADDED_VALUES[name];
  return added ? { ...definition, enum: [...(definition.enum as string[]), ...added] } : definition;
}

const OF_REQUESTS = new Set(['additionalProperties', 'format', 'pattern', 'maxLength', 'minLength', 'minItems']);

/** Types alone: further properties are open, and formats and lengths are those of requests. Open shapes of one list fit several forms. */
function asTypes(value: unknown, areNames = false): unknown {
  if (Array.isArray(value)) return value.map((item) => asTypes(item));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => areNames || !OF_REQUESTS.has(name));
  return Object.fromEntries(
    kept.map(([name, item]) => [name === 'oneOf' ? 'anyOf' : name, asTypes(item, !areNames && name === 'properties')]),
  );
}

const definitions = asTypes(
  Object.fromEntries(Object.entries(auth0.definitions).map(([name, one]) => [name, widened(name, one)])),
  true,
) as Shape;
const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema({ $id: 'auth0', definitions });

const compiled = new Map<string, ValidateFunction>();

function validatorOf(key: string): ValidateFunction {
  const made = compiled.get(key);
  if (made !== undefined) return made;
  const shape = JSON.stringify(asTypes(auth0.operations[key])).replaceAll('"#/definitions', '"auth0#/definitions');
  const validate = ajv.compile(JSON.parse(shape) as Shape);
  compiled.set(key, validate);
  return validate;
}

/** Whether the document describes the answer of an operation (`get /users/{id}`). */
export const hasAnswer = (key: string): boolean => Object.hasOwn(auth0.operations, key);

/** Where an answer has not the types of the document, each as a path and a reason. */
export function findWrongTypes(key: string, body: unknown): readonly string[] {
  const validate = validatorOf(key);
  return validate(body) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}
