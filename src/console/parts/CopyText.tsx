/**
 * A value with a button that copies it unchanged (an id, a link, an address); and the button alone, for a longer text.
 */
import { ActionIcon, Code, CopyButton, Group, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';

export interface CopyProps {
  readonly text: string;
  /** Names the button for screen readers: "Copy the client ID". */
  readonly name: string;
}

/** The button alone, for a text that is shown in another form. */
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
