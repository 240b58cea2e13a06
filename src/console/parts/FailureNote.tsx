/**
 * An error of the API in plain words: the heading, the reason and the next step. The API's own text is only among the
 * technical details.
 */
import { Alert, Button, Text } from '@mantine/core';
import { tellFailure } from '../api/failure';
import { TechnicalDetails } from './TechnicalDetails';

export function FailureNote({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const { happened, why, next, details = [] } = tellFailure(error);
  return (
    <Alert color="red" variant="light" title={happened} role="alert">
      <Text size="sm">{why}</Text>
      <Text size="sm" mt={4} mb={details.length > 0 ? 4 : 0}>
        {next}
      </Text>
      <TechnicalDetails lines={details} />
      {onRetry && (
        <Button variant="default" size="xs" mt="sm" onClick={onRetry}>
          Try again
        </Button>
      )}
    </Alert>
  );
}
