/**
 * The parts of the commit for a sign-in that may be folded into the log line of the one before
 * (`src/login/plan-fold.ts`). Such a commit locks and writes the session's row anyway, so the row keeps the last line
 * and the number of repeats: folding costs neither a statement nor a row. A later line records the count: at the next
 * sign-in that is not folded, or by housekeeping. Never changes a line of the log.
 */
import type { AnyPlan, Part } from './commit-statement.js';

/**
 * Within this time after a session's first line, a sign-in like that of the last line gets no line of its own. A
 * session whose sign-ins differ gets at most MOST_LINES lines in this time.
 */
const WINDOW = "interval '10 minutes'";
const MOST_LINES = 30;

/** SQL for the number of sign-ins without a line, from `sessions.repeats`. */
const COUNT = "coalesce((f.repeats ->> 'count')::integer, 0)";
/**
 * SQL for the details of the line that records a count: the repeated line, the number of repeats, and their first and
 * last time.
 */
export const repeatsOf = (repeats: string): string => `jsonb_build_object('repeats', jsonb_build_object(
  'count', (${repeats} ->> 'count')::integer, 'line', ${repeats} ->> 'line', 'from', ${repeats} ->> 'from', 'to', ${repeats} ->> 'to'))`;
export const TOLD = 'the same sign-in again, without a line for each';

/**
 * Reads from the session's row whether this sign-in gets no line of its own (`folds`). `session_now` has locked the
 * row.
 */
export const FOLD_READS = {
  fold_now: `select *, is_young and (repeats ->> 'key' = :fold_key or (repeats ->> 'lines')::integer >= ${MOST_LINES}) as folds
    from (select repeats, coalesce((repeats ->> 'since')::timestamptz > :at - ${WINDOW}, false) as is_young from session_now) as young`,
};

/** The time as `Date.toJSON` writes it. */
const NOW = `to_char(:at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const NEXT = `select case
      when f.folds then f.repeats || jsonb_build_object('count', ${COUNT} + 1, 'to', ${NOW},
        'from', coalesce(f.repeats ->> 'from', ${NOW}))
      else jsonb_build_object('key', :fold_key, 'line', :fold_line, 'count', 0,
        'since', case when f.is_young then f.repeats ->> 'since' else ${NOW} end,
        'lines', case when f.is_young then (f.repeats ->> 'lines')::integer + 1 else 1 end)
    end from fold_now f`;

/** Assignment for the one update of the session's row. */
export const FOLD_SET = `, repeats = (${NEXT})`;

export const FOLD_TYPES = { fold_key: 'text', fold_line: 'text', fold_log_id: 'text' } as const;

/** Returns the values for a plan that permits folding its sign-in; undefined for any other plan. */
export function foldValues({ fold, log }: AnyPlan) {
  return fold && { fold_key: fold.key, fold_line: log[0]?.logId, fold_log_id: fold.logId };
}

/**
 * Records how often the line before was repeated, if it was. `from` and `to` are the times of the sign-ins without a
 * line.
 */
export const TOLD_COUNT: Part = {
  name: 'told-count',
  types: {},
  values: ({ fold }) => fold && {},
  writes: {
    told: `insert into logs (organization_id, log_id, date, type, description, client_id, user_id, connection_id, ip, user_agent, details)
      select l.organization_id, :fold_log_id, :at, l.type, '${TOLD}', l.client_id, l.user_id, l.connection_id, l.ip, l.user_agent,
        ${repeatsOf('f.repeats')}
      from go, fold_now f join logs l on l.log_id = f.repeats ->> 'line' where not f.folds and ${COUNT} > 0`,
  },
};
