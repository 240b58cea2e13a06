/**
 * Lists the numbered versions of an Action or a module, and compares the chosen one with the draft. Changes nothing:
 * the page around the list adds the buttons.
 */
import { Anchor, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { List } from '../../api/list';
import { type Column, ListTable } from '../../parts/ListTable';
import { Moment } from '../../parts/Moment';
import { CodeDifference } from './CodeDifference';

interface Numbered {
  readonly id: string;
  readonly code: string;
}

export interface VersionListProps<V extends Numbered> {
  readonly list: List<V>;
  /** Address of the page with this list. A search parameter in it names the chosen version. */
  readonly to: string;
  /** Id of the chosen version, from the page's address. */
  readonly chosen: string | undefined;
  /** The code of the draft. */
  readonly draft: string;
  numberOf(version: V): number;
  /** Returns how and when a version was created: "deployed", and a date. */
  sayMade(version: V): readonly [string, string];
  /** Returns a remark after the version's number, such as "newest". */
  mark?(version: V): string | undefined;
  readonly more: readonly Column<V>[];
  readonly empty: ReactNode;
}

type Shown<V extends Numbered> = Pick<VersionListProps<V>, 'to' | 'numberOf' | 'sayMade' | 'mark'>;

function Title<V extends Numbered>({ version, numberOf, sayMade, mark }: Omit<Shown<V>, 'to'> & { version: V }) {
  const marked = mark?.(version);
  const [verb, at] = sayMade(version);
  return (
    <>
      <Text>
        {numberOf(version)}
        {marked !== undefined && (
          <Text span fw={600}>
            , {marked}
          </Text>
        )}
      </Text>
      <Text size="xs" c="dimmed">
        {verb} <Moment at={at} />
      </Text>
    </>
  );
}

function columnsOf<V extends Numbered>({ to, ...shown }: Shown<V>): readonly Column<V>[] {
  return [
    { name: 'Version', cell: (version) => <Title version={version} {...shown} /> },
    {
      name: 'Difference',
      cell: (version) => (
        <Anchor
          size="sm"
          renderRoot={(props) => <Link to={to} search={{ version: version.id }} {...props} />}
          aria-label={`Compare version ${shown.numberOf(version)} with the draft`}
        >
          Compare
        </Anchor>
      ),
    },
  ];
}

function Difference({
  number,
  code,
  draft,
}: {
  readonly number: number;
  readonly code: string;
  readonly draft: string;
}) {
  return (
    <Stack gap="xs" component="section" aria-label="Difference">
      <Text fw={600}>Changes from version {number} to the draft</Text>
      {code === draft ? (
        <Text c="dimmed">The code is identical. Packages and secrets may differ.</Text>
      ) : (
        <CodeDifference before={code} after={draft} label={`Draft, compared with version ${number}`} />
      )}
    </Stack>
  );
}

export function VersionList<V extends Numbered>({ list, chosen, draft, more, empty, ...shown }: VersionListProps<V>) {
  const version = list.items.find(({ id }) => id === chosen);
  return (
    <Stack>
      <ListTable
        caption="Versions"
        list={list}
        columns={[...columnsOf(shown), ...more]}
        rowKey={({ id }) => id}
        empty={empty}
      />
      {version && <Difference number={shown.numberOf(version)} code={version.code} draft={draft} />}
    </Stack>
  );
}
