/** Shows the result of the server's check of an identity provider, in words. */
import { Alert, Text } from '@mantine/core';
import { Moment } from '../../parts/Moment';
import type { Finding, Written } from './answers';

const TITLES: Readonly<Record<Finding['status'], { readonly color: string; readonly title: string }>> = {
  ok: { color: 'teal', title: 'The provider answered correctly' },
  unreachable: { color: 'yellow', title: 'The provider did not answer' },
  incomplete: { color: 'yellow', title: 'Settings are incomplete' },
  wrong: { color: 'red', title: 'The provider’s answer does not match the settings' },
  unchecked: { color: 'gray', title: 'Nothing to test' },
};

function Answer({ finding }: { readonly finding: Finding }) {
  const { color, title } = TITLES[finding.status];
  return (
    <Alert color={color} variant="light" title={title} role="status">
      {finding.message !== undefined && <Text size="sm">{finding.message}</Text>}
      {finding.issuer !== undefined && (
        <Text size="sm">
          Its issuer is <b>{finding.issuer}</b>
          {finding.signing_keys !== undefined &&
            `, and signs with ${finding.signing_keys === 1 ? 'one key' : `${finding.signing_keys} keys`}`}
          .
        </Text>
      )}
      {finding.certificate_expires !== undefined && (
        <Text size="sm">
          Its last certificate expires <Moment at={finding.certificate_expires} />.
        </Text>
      )}
      {finding.status === 'unreachable' && (
        <Text size="sm">The settings were saved, but nobody can sign in until the provider answers.</Text>
      )}
    </Alert>
  );
}

export function FindingNote({ finding }: { readonly finding: Finding }) {
  return (
    <>
      <Answer finding={finding} />
      {finding.has_client_secret === false && (
        <Alert color="yellow" variant="light" title="No client secret is stored" role="status">
          Enter the client secret below, unless the provider requires none. A stored secret is removed when an address
          of the provider changes.
        </Alert>
      )}
    </>
  );
}

/** Renders what the API reports after it saved a connection: the check of the provider, and warnings. */
export function WriteNotes({ written }: { readonly written: Written }) {
  return (
    <>
      {written.discovery && <FindingNote finding={written.discovery} />}
      {written.warnings?.map(({ id, message }) => (
        <Alert key={id} color="yellow" variant="light" title="Note" role="status">
          {message}
        </Alert>
      ))}
    </>
  );
}
