/** The result of examining an identity provider, in words. */
import { Alert, Text } from '@mantine/core';
import { Moment } from '../../parts/Moment';
import type { Finding, Written } from './answers';

const TITLES: Readonly<Record<Finding['status'], { readonly color: string; readonly title: string }>> = {
  ok: { color: 'teal', title: 'The provider answers' },
  unreachable: { color: 'yellow', title: 'The provider does not answer' },
  incomplete: { color: 'yellow', title: 'Something is missing here' },
  wrong: { color: 'red', title: 'The provider does not answer as the settings say' },
  unchecked: { color: 'gray', title: 'There is no provider to ask' },
};

function Answer({ finding }: { readonly finding: Finding }) {
  const { color, title } = TITLES[finding.status];
  return (
    <Alert color={color} variant="light" title={title} role="status">
      {finding.message !== undefined && <Text size="sm">{finding.message}</Text>}
      {finding.issuer !== undefined && (
        <Text size="sm">
          It calls itself <b>{finding.issuer}</b>
          {finding.signing_keys !== undefined &&
            `, and signs with ${finding.signing_keys === 1 ? 'one key' : `${finding.signing_keys} keys`}`}
          .
        </Text>
      )}
      {finding.certificate_expires !== undefined && (
        <Text size="sm">
          The last of its certificates ends <Moment at={finding.certificate_expires} />.
        </Text>
      )}
      {finding.status === 'unreachable' && (
        <Text size="sm">The settings are kept. Nobody can sign in by it until it answers.</Text>
      )}
    </Alert>
  );
}

export function FindingNote({ finding }: { readonly finding: Finding }) {
  return (
    <>
      <Answer finding={finding} />
      {finding.has_client_secret === false && (
        <Alert color="yellow" variant="light" title="No client secret is kept here" role="status">
          Type it below, unless the provider asks for none. It is also removed when an address of the provider changes.
        </Alert>
      )}
    </>
  );
}

/** Renders the API's notes about what a write did. */
export function WriteNotes({ written }: { readonly written: Written }) {
  return (
    <>
      {written.discovery && <FindingNote finding={written.discovery} />}
      {written.warnings?.map(({ id, message }) => (
        <Alert key={id} color="yellow" variant="light" title="Mind this" role="status">
          {message}
        </Alert>
      ))}
    </>
  );
}
