/**
 * The row of one Action on the page that orders Actions. It can be dragged with the pointer, or moved and removed by
 * buttons. The list around it applies the moves.
 */
import { ActionIcon, Anchor, Group, Paper, Text } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconGripVertical, IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { DragEvent } from 'react';

export interface OrderRowProps {
  readonly name: string;
  /** Index of the Action in the order, from 0. */
  readonly at: number;
  readonly length: number;
  readonly actionId: string | undefined;
  /** True if the operator may not change the order. */
  readonly fixed: boolean;
  onMove(from: number, to: number): void;
  onRemove(): void;
}

const DRAGGED = 'application/x-place';

function Buttons({ name, at, length, onMove, onRemove }: Omit<OrderRowProps, 'actionId' | 'fixed'>) {
  const icon = { variant: 'subtle', color: 'gray', size: 'lg' } as const;
  return (
    <Group gap={2} wrap="nowrap">
      <ActionIcon {...icon} aria-label={`Move ${name} up`} disabled={at === 0} onClick={() => onMove(at, at - 1)}>
        <IconArrowUp size={16} />
      </ActionIcon>
      <ActionIcon
        {...icon}
        aria-label={`Move ${name} down`}
        disabled={at === length - 1}
        onClick={() => onMove(at, at + 1)}
      >
        <IconArrowDown size={16} />
      </ActionIcon>
      <ActionIcon {...icon} aria-label={`Remove ${name} from the order`} onClick={onRemove}>
        <IconX size={16} />
      </ActionIcon>
    </Group>
  );
}

export function OrderRow({ actionId, fixed, ...row }: OrderRowProps) {
  const { name, at, onMove } = row;
  const drop = (event: DragEvent) => {
    event.preventDefault();
    const from = Number(event.dataTransfer.getData(DRAGGED));
    if (Number.isInteger(from)) onMove(from, at);
  };
  return (
    <Paper
      component="li"
      withBorder
      p="xs"
      draggable={!fixed}
      onDragStart={(event) => event.dataTransfer.setData(DRAGGED, String(at))}
      onDragOver={(event) => event.preventDefault()}
      onDrop={drop}
      style={{ cursor: fixed ? undefined : 'grab' }}
    >
      <Group justify="space-between" wrap="nowrap">
        <Group gap="xs" wrap="nowrap" miw={0}>
          {!fixed && <IconGripVertical size={16} aria-hidden style={{ flex: 'none' }} />}
          <Text c="dimmed" w={20} ta="end" style={{ flex: 'none' }}>
            {at + 1}
          </Text>
          {actionId === undefined ? (
            <Text dir="auto">{name}</Text>
          ) : (
            <Anchor component={Link} to={`/actions/${actionId}`} dir="auto" style={{ overflowWrap: 'anywhere' }}>
              {name}
            </Anchor>
          )}
        </Group>
        {!fixed && <Buttons {...row} />}
      </Group>
    </Paper>
  );
}
