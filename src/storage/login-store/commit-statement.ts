/**
 * The one write of a login: a single SQL statement, so it is one transaction and one round trip. It is composed of
 * parts (commit-parts.ts), one for each field of the plan; a part without a value in the plan is left out. The parts
 * together lock and read the rows that the plan relied on, give a verdict, claim rows that only one login may have (an
 * invitation), and write.
 *
 * Every write takes its row from `go`, which is empty unless the verdict is clean and the claim succeeded. Unique keys
 * catch the conflict that a lock cannot: two concurrent first logins. Knows no table and no rule.
 */
import { createHash } from 'node:crypto';
import type { SecretBox } from '../../kernel/seal.js';
import type { CommitPlan, EarlyCommitPlan } from '../../ports/login-store.js';
import { toStorableJson, toStorableText } from '../storable.js';
import type { Statement } from './query.js';

export type AnyPlan = CommitPlan | EarlyCommitPlan;

type Type = 'bigint' | 'text' | 'text[]' | 'boolean' | 'timestamptz' | 'bytea' | 'jsonb';
type Queries = Readonly<Record<string, string>>;

/** The SQL for one field of the plan. `:name` in it is a placeholder for a value. */
export interface Part {
  /** Name of the part; unique among the parts. */
  readonly name: string;
  /** Types of the part's values. */
  readonly types: Readonly<Record<string, Type>>;
  /**
   * The part's values by name, where an undefined value means null. Undefined as a whole if the plan has nothing for
   * this part.
   */
  readonly values: (plan: AnyPlan, box: SecretBox, now: Date) => Readonly<Record<string, unknown>> | undefined;
  /** Queries that lock and read; other queries use their results by these names. */
  readonly reads?: Queries;
  /**
   * Conditions that must be false, each with its conflict. The first true condition, in the order of the parts, is the
   * verdict.
   */
  readonly checks?: readonly { readonly conflict: string; readonly when: string }[];
  /** A write that has to find its row; otherwise nothing is written. */
  readonly claims?: Queries;
  readonly writes?: Queries;
  /** Assignments for the single update of an existing account: a statement can change a row only once. */
  readonly sets?: readonly string[];
}

const asQueries = (queries: Queries | undefined) =>
  Object.entries(queries ?? {}).map(([name, query]) => `${name} as (${query})`);

function compose(parts: readonly Part[]): string {
  const claims = parts.flatMap((part) => Object.keys(part.claims ?? {}));
  const checks = parts.flatMap((part) => part.checks ?? []);
  const sets = parts.flatMap((part) => part.sets ?? []);
  const touched = {
    touched_user: `update users set ${sets.join(',\n  ')}\n  where exists (select 1 from go) and user_id = :user`,
  };
  const queries = [
    ...parts.flatMap((part) => asQueries(part.reads)),
    `verdict as (select case\n${checks.map(({ conflict, when }) => `  when ${when} then '${conflict}'`).join('\n')}\n  end as conflict)`,
    'ok as (select 1 from verdict where conflict is null)',
    ...parts.flatMap((part) => asQueries(part.claims)),
    `go as (select 1 from ok where ${claims.map((name) => `exists (select 1 from ${name})`).join(' and ') || 'true'})`,
    ...parts.flatMap((part) => asQueries(part.writes)),
    ...(sets.length > 0 ? asQueries(touched) : []),
  ];
  return `with\n${queries.join(',\n')}\nselect (select conflict from verdict) as conflict, exists (select 1 from go) as done`;
}

/** Matches `:name`, but not the `::type` of a cast. */
const NAMED = /(?<!:):([a-z]\w*)/g;

interface Variant {
  readonly statement: Statement;
  /** Names and types of the parameters `$1`, `$2`, …, in order. */
  readonly order: readonly { readonly name: string; readonly type: Type }[];
}

function toVariant(parts: readonly Part[]): Variant {
  const types = new Map(parts.flatMap((part) => Object.entries(part.types)));
  const names: string[] = [];
  const order: { name: string; type: Type }[] = [];
  const text = compose(parts).replace(NAMED, (_all, name: string) => {
    const type = types.get(name);
    if (type === undefined) throw new TypeError(`no part of this statement gives ${name}`);
    if (!names.includes(name)) {
      names.push(name);
      order.push({ name, type });
    }
    return `$${names.indexOf(name) + 1}::${type}`;
  });
  // PostgreSQL silently truncates names at 63 bytes (NAMEDATALEN).
  const name = `login-commit-${createHash('sha256').update(text).digest('hex').slice(0, 24)}`;
  return { statement: { name, text }, order };
}

function toParameter(type: Type, value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (type === 'jsonb') return toStorableJson(value);
  if (type === 'text') return toStorableText(value as string);
  return type === 'text[]' ? (value as readonly string[]).map(toStorableText) : value;
}

/**
 * Returns a function that builds the statement for a plan. Plans of the same shape get the same text, so that each
 * connection prepares it once.
 */
export function createCommitStatement(
  all: readonly Part[],
): (
  plan: AnyPlan,
  box: SecretBox,
  now: Date,
) => { readonly statement: Statement; readonly values: readonly unknown[] } {
  const variants = new Map<string, Variant>();
  return (plan, box, now) => {
    const parts: Part[] = [];
    const values: Record<string, unknown> = {};
    let shape = '';
    for (const part of all) {
      const given = part.values(plan, box, now);
      if (given === undefined) continue;
      parts.push(part);
      shape += `${part.name} `;
      Object.assign(values, given);
    }
    const variant = variants.get(shape) ?? toVariant(parts);
    variants.set(shape, variant);
    const { statement, order } = variant;
    return { statement, values: order.map(({ name, type }) => toParameter(type, values[name])) };
  };
}
