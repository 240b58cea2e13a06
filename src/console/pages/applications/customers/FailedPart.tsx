/** Says which of several changes were made before one failed, the reason, and that the button continues there. */
import { Alert, List, Stack, Text } from '@mantine/core';
import { FailureNote } from '../../../parts/FailureNote';
import { PartlyDone } from './switch';

export interface FailedPartProps {
  readonly error: unknown;
  /** Label of the button that makes the remaining changes. */
  readonly again: string;
}

export function FailedPart({ error, again }: FailedPartProps) {
  if (!(error instanceof PartlyDone)) return <FailureNote error={error} />;
  const { done, failed, cause } = error;
  if (done.length === 0) return <FailureNote error={cause} />;
  return (
    <Stack gap="sm">
      <Alert color="yellow" variant="light" title="Only a part was done" role="alert">
        <List size="sm">
          {done.map((says) => (
            <List.Item key={says}>Done: {says}.</List.Item>
          ))}
          <List.Item>Not done: {failed}.</List.Item>
        </List>
        <Text size="sm" mt={4}>
          Nothing has to be undone. <b>{again}</b> makes what is missing.
        </Text>
      </Alert>
      <FailureNote error={cause} />
    </Stack>
  );
}
