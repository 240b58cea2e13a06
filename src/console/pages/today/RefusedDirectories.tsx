/**
 * The directories (SCIM) that were refused in the same way again in the last seven days: by connection, token and
 * reason, with the remedy. Counts the newest hundred log lines about such refusals, read in one request.
 */
import { Anchor, List, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { REPORTED_SCIM_CODES, SCIM_REPEAT_DAYS, SCIM_REPEATS, toRepeatedText } from '../../../facts/scim-refusals.js';
import { api } from '../../api/client';
import { now } from '../../clock';
import { codeOf, type LogLine } from '../../lines/answers';
import { findRefusal } from '../../lines/refusal-table';
import { fillNames } from '../../lines/tell-line';
import { FailureNote } from '../../parts/FailureNote';
import { Moment } from '../../parts/Moment';
import { Troubles } from './Health';

const A_DAY_MS = 86_400_000;
const MOST = 100;
/** Maximum number of refusals that are shown; the log has the others. */
const SHOWN = 10;

async function readRefusals(): Promise<readonly LogLine[]> {
  const from = new Date(now().getTime() - SCIM_REPEAT_DAYS * A_DAY_MS).toISOString();
  const search = `(${REPORTED_SCIM_CODES.map((code) => `code:${code}`).join(' OR ')}) AND date:[${from} TO *]`;
  const { data } = await api.GET('/logs', { params: { query: { search, sort: 'date:-1', per_page: MOST } } });
  return data;
}

/** Groups the lines with the same connection, token, code and text. The group with the newest line comes first. */
function findRepeated(lines: readonly LogLine[]): readonly (readonly LogLine[])[] {
  const groups = new Map<string, LogLine[]>();
  for (const line of lines) {
    const { token_id: token, detail = '' } = line.details;
    const key = JSON.stringify([line.connection_id, token, codeOf(line), toRepeatedText(detail)]);
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  return [...groups.values()].filter(({ length }) => length >= SCIM_REPEATS).slice(0, SHOWN);
}

interface RepeatedProps {
  readonly lines: readonly LogLine[];
  /** True if older lines were not read, so that the number is a lower bound. */
  readonly isCut: boolean;
}

function Repeated({ lines, isCut }: RepeatedProps) {
  const [newest] = lines;
  const row = newest === undefined ? undefined : findRefusal(codeOf(newest));
  if (newest === undefined || row === undefined) return null;
  const { connection_id: id, connection, details } = newest;
  return (
    <List.Item>
      <Anchor component={Link} to={id === undefined ? '/connections' : `/connections/${id}`} dir="auto">
        {connection ?? id ?? 'A deleted connection'}
      </Anchor>
      : its directory was refused {isCut && 'at least '}
      {lines.length} times in {SCIM_REPEAT_DAYS} days ({row.short}), most recently{' '}
      <Anchor component={Link} to={`/log/${encodeURIComponent(newest.log_id)}`}>
        <Moment at={newest.date} />
      </Anchor>
      <Text size="sm" c="dimmed" dir="auto">
        {details.detail}
      </Text>
      <Text size="sm">{fillNames(row.do, newest)}</Text>
    </List.Item>
  );
}

/** Renders nothing while no directory is refused again: most tenants have none. */
export function RefusedDirectories() {
  const { data, error, refetch } = useQuery({ queryKey: ['log', 'directories'], queryFn: readRefusals });
  if (error) return <FailureNote error={error} onRetry={() => void refetch()} />;
  const repeated = findRepeated(data ?? []);
  if (repeated.length === 0) return null;
  return (
    <Troubles color="red">
      {repeated.map((lines) => (
        <Repeated key={lines[0]?.log_id ?? ''} lines={lines} isCut={data?.length === MOST} />
      ))}
    </Troubles>
  );
}
