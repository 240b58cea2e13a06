/**
 * The page with the state of the tenant at a glance: first steps, failing identity providers and refused directories,
 * expiring certificates and keys, sign-ins by day, newest refusals, pending invitations. Reads only.
 */
import { Anchor, Grid, SegmentedControl, Text } from '@mantine/core';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useList } from '../../api/list';
import { LINE_COLUMNS } from '../../lines/line-columns';
import { readPage } from '../../lines/read-lines';
import { ListTable } from '../../parts/ListTable';
import { Page } from '../../parts/Page';
import { usePowers } from '../../session/powers';
import { Days } from './Days';
import { Failing } from './Failing';
import { Part } from './Part';
import { RefusedDirectories } from './RefusedDirectories';
import { RunningOut } from './RunningOut';
import { Waiting } from './Waiting';

const NewServer = lazy(async () => ({ default: (await import('./NewServer')).NewServer }));
const CustomersSso = lazy(async () => ({ default: (await import('./CustomersSso')).CustomersSso }));

const route = getRouteApi('/');
const NEWEST = 5;
const REFUSALS = { show: 'refusals' } as const;
/** The columns of the log, except two for which this page has no room. */
const COLUMNS = LINE_COLUMNS.filter(({ name }) => name !== 'Outcome' && name !== 'Application');

function Refusals() {
  const list = useList(['log', 'newest'], (from) => readPage(REFUSALS, from, NEWEST));
  const all = (
    <Anchor component={Link} to="/log" size="sm">
      All refusals
    </Anchor>
  );
  return (
    <Part title="Latest refusals" more={all}>
      <ListTable
        caption="Latest refused sign-ins"
        list={{ ...list, items: list.items.slice(0, NEWEST), hasMore: false }}
        columns={COLUMNS}
        rowKey={({ log_id }) => log_id}
        empty="No refusals."
      />
    </Part>
  );
}

function Range() {
  const { days = 7 } = route.useSearch();
  const navigate = useNavigate();
  return (
    <SegmentedControl
      size="xs"
      aria-label="Period"
      value={String(days)}
      onChange={(value) => void navigate({ to: '/', search: value === '30' ? { days: 30 } : {} })}
      data={[
        { value: '7', label: '7 days' },
        { value: '30', label: '30 days' },
      ]}
    />
  );
}

export function Today() {
  const { days = 7 } = route.useSearch();
  const may = usePowers();
  return (
    <Page title="Today">
      <Suspense>
        <NewServer />
      </Suspense>
      <Grid>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Part title="Identity providers">
            <Failing />
            <RefusedDirectories />
          </Part>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Part title="Expiring soon">
            <RunningOut />
          </Part>
        </Grid.Col>
      </Grid>
      <Suspense>
        <CustomersSso />
      </Suspense>
      <Part title="Sign-ins" more={<Range />}>
        <Days days={days} />
      </Part>
      <Refusals />
      {may('read:organization_invitations') && <Waiting />}
      <Text size="sm" c="dimmed">
        Days are in UTC. Sign-ins of operators are included.
      </Text>
    </Page>
  );
}
