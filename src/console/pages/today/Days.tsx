/** The numbers of sign-ins and refusals for each day, as a small chart and as a table. Reads both in one request. */
import { Group, Skeleton, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client';
import { now } from '../../clock';
import { FailureNote } from '../../parts/FailureNote';
import classes from './Days.module.css';

interface Day {
  readonly date: string;
  readonly logins: number;
  readonly refusals: number;
}

const HEIGHT = 120;
const DAY_MS = 86_400_000;
const toDay = (date: Date) => date.toISOString().slice(0, 10).replaceAll('-', '');
const inWords = new Intl.DateTimeFormat('en', { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' });
const tellDay = ({ date }: Day) => inWords.format(new Date(date));

async function readDays(days: number): Promise<readonly Day[]> {
  const today = now();
  const from = new Date(today.getTime() - (days - 1) * DAY_MS);
  const { data } = await api.GET('/stats/daily', { params: { query: { from: toDay(from), to: toDay(today) } } });
  return data ?? [];
}

const sum = (days: readonly Day[], of: 'logins' | 'refusals') => days.reduce((total, day) => total + day[of], 0);

function Bars({ days }: { readonly days: readonly Day[] }) {
  const most = Math.max(1, ...days.map(({ logins, refusals }) => logins + refusals));
  const step = 100 / days.length;
  const high = (count: number) => (count / most) * HEIGHT;
  const says = `${sum(days, 'logins')} sign-ins and ${sum(days, 'refusals')} refusals in ${days.length} days. The table shows each day.`;
  return (
    <svg
      viewBox={`0 0 100 ${HEIGHT}`}
      preserveAspectRatio="none"
      className={classes.chart}
      role="img"
      aria-label={says}
    >
      {days.map((day, index) => {
        const [x, width] = [index * step + step * 0.15, step * 0.7];
        const [logins, refusals] = [high(day.logins), high(day.refusals)];
        return (
          <g key={day.date}>
            <title>{`${tellDay(day)}: ${day.logins} sign-ins, ${day.refusals} refusals`}</title>
            <rect className={classes.ground} x={index * step} y={0} width={step} height={HEIGHT} />
            <rect className={classes.logins} x={x} y={HEIGHT - logins} width={width} height={logins} />
            <rect className={classes.refusals} x={x} y={HEIGHT - logins - refusals} width={width} height={refusals} />
          </g>
        );
      })}
    </svg>
  );
}

function Numbers({ days }: { readonly days: readonly Day[] }) {
  return (
    <details>
      <summary>Show as table</summary>
      <Table verticalSpacing={4} maw={420}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Day</Table.Th>
            <Table.Th>Sign-ins</Table.Th>
            <Table.Th>Refusals</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {days.toReversed().map((day) => (
            <Table.Tr key={day.date}>
              <Table.Th scope="row" fw={400}>
                {tellDay(day)}
              </Table.Th>
              <Table.Td>{day.logins}</Table.Td>
              <Table.Td>{day.refusals}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </details>
  );
}

/** Shows the sum of one series in large digits. The colored square beside it is the chart's legend. */
function Total({
  of,
  count,
  did,
}: {
  readonly of: 'logins' | 'refusals';
  readonly count: number;
  readonly did: string;
}) {
  return (
    <Text className={classes.key} data-of={of}>
      <span className={classes.total}>{count.toLocaleString('en')}</span> {did}
    </Text>
  );
}

/** Labels the chart's days: every day of a week, but only the first and the last day of a month. */
function Scale({ days }: { readonly days: readonly Day[] }) {
  const isWeek = days.length <= 7;
  const shown = isWeek ? days : [days[0], days.at(-1)].filter((day) => day !== undefined);
  return (
    <div className={classes.scale} data-each={isWeek} aria-hidden>
      {shown.map((day) => (
        <span key={day.date}>{tellDay(day)}</span>
      ))}
    </div>
  );
}

export function Days({ days }: { readonly days: number }) {
  const { data, error, refetch } = useQuery({ queryKey: ['log', 'days', days], queryFn: () => readDays(days) });
  if (error) return <FailureNote error={error} onRetry={() => void refetch()} />;
  // The placeholder has the chart's height, so that the rest of the page does not move when the chart appears.
  if (data === undefined) return <Skeleton height={HEIGHT + 108} aria-label="Loading" />;
  return (
    <>
      <Group gap="xl">
        <Total of="logins" count={sum(data, 'logins')} did="signed in" />
        <Total of="refusals" count={sum(data, 'refusals')} did="refused" />
      </Group>
      <Bars days={data} />
      <Scale days={data} />
      <Numbers days={data} />
    </>
  );
}
