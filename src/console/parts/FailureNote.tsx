/** An error of the API in its own words: what happened, why, what to do next. */
import { Alert, Button, Text } from '@mantine/core';
import { tellFailure } from '../api/failure';

export function FailureNote({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const { happened, why, next } = tellFailure(error);
  return (
    <Alert color="red" variant="light" title={happened} role="alert">
      <Text size="sm">{why}</Text>
      <Text size="sm" mt={4}>
        {next}
      </Text>
      {onRetry && (
        <Button variant="default" size="xs" mt="sm" onClick={onRetry}>
          Try again
        </Button>
      )}
    </Alert>
  );
}
