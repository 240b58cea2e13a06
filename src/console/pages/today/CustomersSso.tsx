/**
 * The customers whose administrators connected or switched on an identity provider in the last seven days, from the
 * newest hundred changes in the log. Renders nothing if there are none: most tenants have none.
 */
import { Anchor, List } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../../api/client';
import { now } from '../../clock';
import type { LogLine } from '../../lines/answers';
import { Moment } from '../../parts/Moment';
import { isSwitchOn } from '../organizations/changes/tell-change';
import { Part } from './Part';

const A_WEEK_MS = 7 * 86_400_000;
const MOST = 100;
/** Maximum number of customers that are shown; each customer's own page has the others. */
const SHOWN = 5;

async function readSwitchedOn(): Promise<readonly LogLine[]> {
  const from = new Date(now().getTime() - A_WEEK_MS).toISOString();
  const query = { search: `type:sapi AND date:[${from} TO *]`, sort: 'date:-1', per_page: MOST };
  const { data } = await api.GET('/logs', { params: { query } });
  const lines = data.filter(isSwitchOn);
  return [...new Map(lines.toReversed().map((line) => [line.organization_id, line])).values()].toReversed();
}

export function CustomersSso() {
  const { data = [] } = useQuery({ queryKey: ['log', 'customers-sso'], queryFn: readSwitchedOn });
  if (data.length === 0) return null;
  return (
    <Part title="Customers that set up single sign-on">
      <List spacing="xs">
        {data.slice(0, SHOWN).map(({ log_id: id, organization_id: organization, organization_name: name, date }) => (
          <List.Item key={id}>
            <Anchor component={Link} to={`/organizations/${organization}/changes`} dir="auto">
              {name ?? organization}
            </Anchor>
            : their administrator switched on an identity provider <Moment at={date} />
          </List.Item>
        ))}
      </List>
    </Part>
  );
}
