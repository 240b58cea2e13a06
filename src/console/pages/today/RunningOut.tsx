/**
 * Certificates of SAML connections and keys of applications that have expired or expire within 60 days. Checks the
 * first fifty connections, and the keys of at most ten applications.
 */
import { Anchor, List, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../../api/client';
import { now } from '../../clock';
import { FailureNote } from '../../parts/FailureNote';
import { Moment } from '../../parts/Moment';
import { usePowers } from '../../session/powers';
import { readCertificateEnd } from './certificate-end';
import { Troubles, Well } from './Health';

const A_PAGE = 50;
const SOON_MS = 60 * 86_400_000;
/** Maximum number of applications with keys that are checked, since reading the keys of each takes one request. */
const MOST_APPLICATIONS = 10;

interface Ending {
  readonly what: string;
  readonly name: string;
  readonly to: string;
  /** The time of the expiry (ISO 8601). */
  readonly at: string;
}

async function readCertificates(): Promise<readonly Ending[]> {
  const { data } = await api.GET('/connections', { params: { query: { strategy: ['samlp'], per_page: A_PAGE } } });
  return data.flatMap(({ id, name, options }) => {
    const end = readCertificateEnd(String(options?.signingCert ?? ''));
    return end === undefined
      ? []
      : [{ what: 'company certificate', name, to: `/connections/${id}`, at: end.toISOString() }];
  });
}

async function readKeys(): Promise<readonly Ending[]> {
  const fields = 'client_id,name,client_authentication_methods';
  const { data } = await api.GET('/clients', { params: { query: { per_page: A_PAGE, fields } } });
  const withKeys = data.filter((one) => one.client_authentication_methods != null);
  const found = withKeys.slice(0, MOST_APPLICATIONS).map(async ({ client_id, name = client_id }) => {
    const answer = await api.GET('/clients/{client_id}/credentials', { params: { path: { client_id } } });
    return answer.data.flatMap(({ expires_at: at }) =>
      at === undefined ? [] : [{ what: 'application key', name, to: `/applications/${client_id}`, at }],
    );
  });
  return (await Promise.all(found)).flat();
}

async function readEndings(mayReadKeys: boolean): Promise<readonly Ending[]> {
  const all = await Promise.all([readCertificates(), ...(mayReadKeys ? [readKeys()] : [])]);
  const until = now().getTime() + SOON_MS;
  return all
    .flat()
    .filter(({ at }) => Date.parse(at) < until)
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

export function RunningOut() {
  const may = usePowers();
  const mayReadKeys = may('read:client_credentials');
  const { data, error, refetch } = useQuery({
    queryKey: ['today', 'endings', mayReadKeys],
    queryFn: () => readEndings(mayReadKeys),
    staleTime: 300_000,
  });
  if (error) return <FailureNote error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton height={24} aria-label="Loading" />;
  if (data.length === 0) return <Well>No certificate or key expires within two months.</Well>;
  return (
    <Troubles color="yellow">
      {data.map(({ what, name, to, at }) => (
        <List.Item key={`${to} ${at}`}>
          <Anchor component={Link} to={to} dir="auto">
            {name}
          </Anchor>
          : {what} {Date.parse(at) < now().getTime() ? 'expired' : 'expires'} <Moment at={at} />
        </List.Item>
      ))}
    </Troubles>
  );
}
