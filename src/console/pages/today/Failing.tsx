/**
 * The identity providers that failed in the last 24 hours, by connection. Counts the newest fifty log lines about such
 * failures, read in one request.
 */
import { Anchor, List, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../../api/client';
import { now } from '../../clock';
import { codeOf, type LogLine } from '../../lines/answers';
import { findRefusal } from '../../lines/refusal-table';
import { FailureNote } from '../../parts/FailureNote';
import { Moment } from '../../parts/Moment';
import { Troubles, Well } from './Health';

const CODES = ['authenticate.idp_unreachable', 'authenticate.idp_keys', 'authenticate.idp_invalid'];
const A_DAY_MS = 86_400_000;
const MOST = 50;

async function readFailures(): Promise<readonly LogLine[]> {
  const from = new Date(now().getTime() - A_DAY_MS).toISOString();
  const search = `(${CODES.map((code) => `code:"${code}"`).join(' OR ')}) AND date:[${from} TO *]`;
  const { data } = await api.GET('/logs', { params: { query: { search, sort: 'date:-1', per_page: MOST } } });
  return data;
}

/** Groups the log lines by connection. The connection with the newest line comes first. */
function byConnection(lines: readonly LogLine[]): readonly (readonly LogLine[])[] {
  const groups = new Map<string, LogLine[]>();
  for (const line of lines) {
    const key = line.connection_id ?? '';
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  return [...groups.values()];
}

function Connection({ lines }: { readonly lines: readonly LogLine[] }) {
  const [newest] = lines;
  if (newest === undefined) return null;
  const { connection_id: id, connection } = newest;
  const count = lines.length === MOST ? `${MOST} or more` : String(lines.length);
  return (
    <List.Item>
      <Anchor component={Link} to={id === undefined ? '/connections' : `/connections/${id}`} dir="auto">
        {connection ?? id ?? 'A deleted connection'}
      </Anchor>
      : {findRefusal(codeOf(newest))?.short}, {count} in 24 hours, most recently{' '}
      <Anchor component={Link} to={`/log/${encodeURIComponent(newest.log_id)}`}>
        <Moment at={newest.date} />
      </Anchor>
    </List.Item>
  );
}

export function Failing() {
  const { data, error, refetch } = useQuery({ queryKey: ['log', 'failing'], queryFn: readFailures });
  if (error) return <FailureNote error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton height={24} aria-label="Loading" />;
  if (data.length === 0) return <Well>No identity provider failed in the last 24 hours.</Well>;
  return (
    <Troubles color="red">
      {byConnection(data).map((lines) => (
        <Connection key={lines[0]?.connection_id ?? ''} lines={lines} />
      ))}
    </Troubles>
  );
}
