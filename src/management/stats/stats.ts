/**
 * `/stats`: logins, refusals and new accounts by day, and the number of people who signed in lately. Counted at each
 * request. Logins come from the login log, which is kept for `VESTIBULE_LOG_RETENTION_DAYS` days. Days are in UTC.
 */
import { addSeconds } from '../../kernel/clock.js';
import type { DayCounts } from '../../ports/directory/logs.js';
import { badQuery } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { listOf, viewOf } from '../api/wire.js';

const DAY_SECONDS = 86_400;
const ACTIVE_DAYS = 30;
/** Maximum number of days of one request, which could otherwise read the log of many years. */
const MAX_DAYS = 366;

const DAY = viewOf<DayCounts & { readonly now: Date }>({
  date: ['string', ({ day }) => day.toISOString()],
  logins: ['integer', ({ logins }) => logins],
  // An addition: Auth0 counts no refusals.
  refusals: ['integer', ({ refusals }) => refusals],
  signups: ['integer', ({ accounts }) => accounts],
  // Always 0, since this server does not compare passwords with leaked ones.
  leaked_passwords: ['integer', () => 0],
  created_at: ['string', ({ day }) => day.toISOString()],
  updated_at: ['string', ({ now }) => now.toISOString()],
});

function startOfDay(date: Date): Date {
  return new Date(Math.floor(date.getTime() / (DAY_SECONDS * 1_000)) * DAY_SECONDS * 1_000);
}

/** Parses a day such as `20260131`. Returns its beginning in UTC; undefined if none is given. Throws 400. */
function parseDay(text: unknown, name: string): Date | undefined {
  if (text === undefined || text === '') return undefined;
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(String(text)) ?? [];
  const date = new Date(`${year}-${month}-${day}T00:00:00.000Z`);
  // Refuses a day that its month does not have: it would silently become another day.
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== `${year}-${month}-${day}`)
    throw badQuery(`Query validation error: 'Write a day as YYYYMMDD' on property ${name}.`);
  return date;
}

async function countDays(call: Call): Promise<Reply> {
  const to = parseDay(call.query.to, 'to') ?? startOfDay(call.now);
  const from = parseDay(call.query.from, 'from') ?? addSeconds(to, -(ACTIVE_DAYS - 1) * DAY_SECONDS);
  const days = Math.round((to.getTime() - from.getTime()) / (DAY_SECONDS * 1_000)) + 1;
  if (days < 1 || days > MAX_DAYS)
    throw badQuery(
      `Query validation error: 'From the first day to the last, ${MAX_DAYS} days at most' on property from.`,
    );
  const counted = await call.directory.logs.countDays(from, addSeconds(to, DAY_SECONDS));
  const byDay = new Map(counted.map(({ day, ...counts }) => [day.getTime(), counts]));
  const body = Array.from({ length: days }, (_, at) => {
    const day = addSeconds(from, at * DAY_SECONDS);
    return DAY.show({ logins: 0, refusals: 0, accounts: 0, ...byDay.get(day.getTime()), day, now: call.now });
  });
  return { body };
}

/** Returns the operations on `/stats`. */
export function statsOperations(): Operation[] {
  return [
    {
      method: 'get',
      path: '/stats/active-users',
      summary: 'Count the people who signed in within 30 days',
      reply: { oneOf: [{ type: 'number' }] },
      async run(call) {
        return { body: await call.directory.logs.countActiveUsers(addSeconds(call.now, -ACTIVE_DAYS * DAY_SECONDS)) };
      },
    },
    {
      method: 'get',
      path: '/stats/daily',
      summary: 'Count logins, refusals and new accounts by day',
      reply: listOf(DAY.schema),
      run: countDays,
    },
  ];
}
