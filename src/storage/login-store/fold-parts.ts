/**
 * The parts of the commit for a sign-in that may be folded into the line of the one before (`src/login/plan-fold.ts`). The session's row, which
 * such a commit locks and writes in any case, keeps the last line and the count of what came after it, so that neither a statement nor a
 * row is added. A count is told by a line of its own: at the next sign-in that is not folded, or by housekeeping. Never changes a line of the log.
 */
import type { AnyPlan, Part } from './commit-statement.js';

/** Time after its first line in which sign-ins of a session are folded. A session whose sign-ins differ gets this many lines in that time. */
const WINDOW = "interval '10 minutes'";
const MOST_LINES = 30;

/** The number of sign-ins without a line, by `sessions.repeats`. */
const COUNT = "coalesce((f.repeats ->> 'count')::integer, 0)";
/** Details of the line that tells a count: the line that was repeated, how often, and when. */
export const repeatsOf = (repeats: string): string => `jsonb_build_object('repeats', jsonb_build_object(
  'count', (${repeats} ->> 'count')::integer, 'line', ${repeats} ->> 'line', 'from', ${repeats} ->> 'from', 'to', ${repeats} ->> 'to'))`;
export const TOLD = 'the same sign-in again, without a line for each';

/** Joins the columns of a session's row that say what was folded; `session_now` holds the lock. */
export const FOLD_READS = {
  fold_now: `select *, is_young and (repeats ->> 'key' = :fold_key or (repeats ->> 'lines')::integer >= ${MOST_LINES}) as folds
    from (select repeats, coalesce((repeats ->> 'since')::timestamptz > :at - ${WINDOW}, false) as is_young from session_now) as young`,
};

/** As `Date.toJSON` writes it. */
const NOW = `to_char(:at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const NEXT = `select case
      when f.folds then f.repeats || jsonb_build_object('count', ${COUNT} + 1, 'to', ${NOW},
        'from', coalesce(f.repeats ->> 'from', ${NOW}))
      else jsonb_build_object('key', :fold_key, 'line', :fold_line, 'count', 0,
        'since', case when f.is_young then f.repeats ->> 'since' else ${NOW} end,
        'lines', case when f.is_young then (f.repeats ->> 'lines')::integer + 1 else 1 end)
    end from fold_now f`;

/** An assignment for the one update of the session's row. */
export const FOLD_SET = `, repeats = (${NEXT})`;

export const FOLD_TYPES = { fold_key: 'text', fold_line: 'text', fold_log_id: 'text' } as const;

/** The values of a plan that may be folded. */
export function foldValues({ fold, log }: AnyPlan) {
  return fold && { fold_key: fold.key, fold_line: log[0]?.logId, fold_log_id: fold.logId };
}

/** Tells the count of the line before, where there is one. Its `from` and `to` are those of the sign-ins that have no line. */
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
