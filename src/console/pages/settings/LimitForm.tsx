/** The form of one sign-in limit: its own fields, then the networks that it does not count. */
import { Stack, Title } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { EditForm } from '../../parts/EditForm';
import { TagsInput } from '../../parts/inputs';
import { Loaded } from '../../parts/Loaded';
import type { Edit } from '../../parts/use-edit';
import { usePowers } from '../../session/powers';

const SCOPE = 'update:attack_protection';

/** Values that every limit's form has. */
export type LimitValues = { readonly blocks: boolean; readonly allowlist: readonly string[] };

export interface LimitFormProps<Values extends LimitValues> {
  readonly edit: Edit<Values>;
  readonly labels: Readonly<Record<keyof Values & string, string>>;
  /** Text that explains the effect of the list of networks. */
  readonly networks: string;
  readonly children: ReactNode;
}

export function LimitForm<Values extends LimitValues>({ edit, labels, networks, children }: LimitFormProps<Values>) {
  const isOpen = usePowers()(SCOPE);
  return (
    <EditForm edit={edit} labels={labels} scope={SCOPE}>
      {children}
      <TagsInput
        fills="allowlist"
        label={labels.allowlist}
        description={networks}
        value={[...edit.values.allowlist]}
        onChange={(allowlist) => edit.set({ allowlist } as unknown as Partial<Values>)}
        splitChars={[',', ' ', ';']}
        maxTags={100}
        readOnly={!isOpen}
      />
    </EditForm>
  );
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
