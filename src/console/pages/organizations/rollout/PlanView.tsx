/**
 * Shows the plan of a rollout: totals, settings, progress, and a list of the people with a search. The list first shows
 * fifty people, and more on request.
 */
import { Alert, Group, List, Select, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { type ReactNode, useMemo, useState } from 'react';
import type { List as Rows } from '../../../api/list';
import { type Column, ListTable } from '../../../parts/ListTable';
import { Moment } from '../../../parts/Moment';
import { count } from '../answers';
import type { Journal, Plan, PlanPerson, Setting } from './read-files';
import { FACTOR_EFFECTS, sayClass, sayFactor, sayMark, seesClass, seesFactor } from './words';

const A_PAGE = 50;
const NO_JOURNAL: Journal = new Map();

const sayValue = (value: Setting['before']) => (value === null ? 'nothing' : String(value));
const saySetting = ({ id, before, after }: Setting) => `${id}: ${sayValue(before)} → ${sayValue(after)}`;

function Totals({ plan }: { readonly plan: Plan }) {
  return (
    <Table verticalSpacing="xs">
      <caption className="unseen">People in the plan by class</caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Class</Table.Th>
          <Table.Th>People</Table.Th>
          <Table.Th visibleFrom="sm">Their first sign-in afterwards</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {Object.entries(plan.head.totals).map(([name, number]) => (
          <Table.Tr key={name}>
            <Table.Td>{sayClass(name)}</Table.Td>
            <Table.Td>{number.toLocaleString('en')}</Table.Td>
            <Table.Td visibleFrom="sm">{seesClass(name)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** The number of people by what a second factor changes for them. Absent where it changes nothing. */
function Factors({ plan }: { readonly plan: Plan }) {
  const { people = {} } = plan.head.second_factor ?? {};
  const found = FACTOR_EFFECTS.filter((effect) => (people[effect] ?? 0) > 0);
  if (found.every((effect) => effect === 'not_asked')) return null;
  return (
    <>
      <Title order={2} size="h3">
        Second factor
      </Title>
      <Table verticalSpacing="xs">
        <caption className="unseen">People in the plan by what a second factor changes</caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Second factor</Table.Th>
            <Table.Th>People</Table.Th>
            <Table.Th visibleFrom="sm">Their next sign-in</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {found.map((effect) => (
            <Table.Tr key={effect}>
              <Table.Td>{sayFactor(effect)}</Table.Td>
              <Table.Td>{people[effect]?.toLocaleString('en')}</Table.Td>
              <Table.Td visibleFrom="sm">{seesFactor(effect)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  );
}

function Progress({ plan, journal }: { readonly plan: Plan; readonly journal: Journal }) {
  const marks = new Map<string, number>();
  for (const { user_id: id, prepare } of plan.people) {
    if (id === null || prepare === undefined) continue;
    const says = sayMark(journal.get(id)?.mark);
    marks.set(says, (marks.get(says) ?? 0) + 1);
  }
  const told = [...marks].map(([says, number]) => `${number.toLocaleString('en')} ${says}`).join(', ');
  return (
    <Text role="status">
      {count(plan.head.prepare, 'person is', 'people are')} to be prepared{told === '' ? '' : `: ${told}`}.
    </Text>
  );
}

function Settings({ plan, journal }: { readonly plan: Plan; readonly journal: Journal }) {
  const { settings, withheld, notes = [] } = plan.head;
  return (
    <Stack gap="sm">
      {settings.length === 0 && <Text c="dimmed">The plan changes no settings.</Text>}
      <List size="sm">
        {settings.map((setting) => (
          <List.Item key={setting.id}>
            {saySetting(setting)} ({sayMark(journal.get(`setting:${setting.id}`)?.mark)})
          </List.Item>
        ))}
        {notes.map((note) => (
          <List.Item key={note}>{note}</List.Item>
        ))}
      </List>
      {withheld.length > 0 && (
        <Alert color="yellow" variant="light" title="Skipped, because people would be locked out">
          {withheld.map((setting) => (
            <Text size="sm" key={setting.id}>
              {saySetting(setting)}: {count(setting.locksOut, 'person', 'people')} could no longer sign in.
            </Text>
          ))}
        </Alert>
      )}
    </Stack>
  );
}

const columnsOf = (journal: Journal): readonly Column<PlanPerson>[] => [
  {
    name: 'Person',
    cell: ({ name, email, user_id: id }) => (
      <div>
        <Text dir="auto">{name ?? email ?? id}</Text>
        {name !== undefined && (
          <Text size="sm" c="dimmed">
            {email}
          </Text>
        )}
      </div>
    ),
  },
  {
    name: 'Class',
    cell: ({ class: name, second_factor: effect }) => (
      <>
        {sayClass(name)}
        {effect !== undefined && effect !== 'not_asked' && (
          <Text size="sm" c="dimmed">
            Second factor: {sayFactor(effect)}
          </Text>
        )}
      </>
    ),
  },
  {
    name: 'State',
    cell: ({ user_id: id, prepare }) => {
      if (id === null || prepare === undefined) return <Text c="dimmed">nothing to do</Text>;
      const standing = journal.get(id);
      return (
        <>
          {sayMark(standing?.mark)}
          {standing?.note !== undefined && (
            <Text size="sm" c="dimmed">
              {standing.note}
            </Text>
          )}
        </>
      );
    },
  },
];

/** Returns a list that first has fifty of these people, and more on request. All are in memory, so it reads nothing. */
function usePart(people: readonly PlanPerson[]): Rows<PlanPerson> {
  const [shown, setShown] = useState(A_PAGE);
  return {
    items: people.slice(0, shown),
    isLoading: false,
    error: null,
    hasMore: people.length > shown,
    isLoadingMore: false,
    more: () => setShown(shown + A_PAGE),
    retry: () => undefined,
  };
}

function People({ plan, journal }: { readonly plan: Plan; readonly journal: Journal }) {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const people = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    return plan.people.filter(
      (person) =>
        (chosen === null || person.class === chosen) &&
        `${person.name ?? ''} ${person.email ?? ''} ${person.user_id ?? ''}`.toLowerCase().includes(wanted),
    );
  }, [plan, text, chosen]);
  const list = usePart(people);
  const classes = Object.keys(plan.head.totals).map((value) => ({ value, label: sayClass(value) }));
  return (
    <Stack gap="sm">
      <Group align="end">
        <TextInput
          label="Find a person"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          spellCheck={false}
        />
        <Select label="Class" data={classes} value={chosen} onChange={setChosen} placeholder="all" clearable />
        <Text size="sm" c="dimmed" mb={8} role="status">
          {people.length.toLocaleString('en')} of {plan.people.length.toLocaleString('en')}
        </Text>
      </Group>
      <ListTable
        caption="People of the plan"
        list={list}
        columns={columnsOf(journal)}
        rowKey={({ user_id: id, email }) => id ?? email ?? ''}
        empty="Nobody in the plan matches."
      />
    </Stack>
  );
}

export interface PlanViewProps {
  readonly plan: Plan;
  readonly journal: Journal | undefined;
  /** Content between the plan's settings and its long list of people. */
  readonly children: ReactNode;
}

export function PlanView({ plan, journal, children }: PlanViewProps) {
  const marks = journal ?? NO_JOURNAL;
  const { head } = plan;
  return (
    <Stack gap="lg">
      <Text c="dimmed">
        Created <Moment at={head.made_at} /> for {head.connection.name} at {head.tenant.origin}.
        {journal === undefined && ' Also choose the journal to see the progress.'}
      </Text>
      <Progress plan={plan} journal={marks} />
      <Totals plan={plan} />
      <Factors plan={plan} />
      <Title order={2} size="h3">
        Settings
      </Title>
      <Settings plan={plan} journal={marks} />
      {children}
      <Title order={2} size="h3">
        People
      </Title>
      <People plan={plan} journal={marks} />
    </Stack>
  );
}
