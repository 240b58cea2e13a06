/** The parts that the forms of the sign-in limits share. */
import { Stack, Title } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Field } from '../../parts/form-fields';
import { Loaded } from '../../parts/Loaded';

export const SCOPE = 'update:attack_protection';

/** The field of the networks that a limit does not count. */
export const NETWORKS = {
  kind: 'tags',
  splitChars: [',', ' ', ';'],
  maxTags: 100,
} satisfies Partial<Field<readonly string[]>>;

/**
 * Returns the properties by which the API turns a limit on or off: it has two switches, `enabled` and the shield that
 * blocks. The other shields stay.
 */
export function toSwitches<Shield extends string>(blocks: boolean, shields: readonly Shield[]) {
  const others = shields.filter((shield) => shield !== 'block');
  return { enabled: blocks, shields: blocks ? [...others, 'block' as const] : others };
}

export interface LimitProps<Data> {
  readonly title: string;
  readonly query: UseQueryResult<Data>;
  children(loaded: Data): ReactNode;
}

/** Renders a limit below its heading. */
export function Limit<Data>({ title, query, children }: LimitProps<Data>) {
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        {title}
      </Title>
      <Loaded query={query}>{children}</Loaded>
    </Stack>
  );
}
