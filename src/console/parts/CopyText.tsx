/**
 * A value (an id, a link, an address) with a button that copies it unchanged. Also exports the button alone, for a
 * longer text.
 */
import { ActionIcon, Code, CopyButton, Group, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';

export interface CopyProps {
  readonly text: string;
  /** The button's name for screen readers, for example "Copy the client ID". */
  readonly name: string;
}

/** The copy button alone, for a text that the page shows in another form. */
export function Copy({ text, name }: CopyProps) {
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : 'Copy'}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            onClick={copy}
            aria-label={copied ? 'Copied' : `Copy ${name}`}
          >
            {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}

/** Renders the value with its copy button. */
export function CopyText({ text, name }: CopyProps) {
  return (
    <Group gap={4} wrap="nowrap">
      <Code style={{ overflowWrap: 'anywhere' }}>{text}</Code>
      <Copy text={text} name={name} />
    </Group>
  );
}
