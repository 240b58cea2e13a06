/**
 * The facts of a log line: time, person, organization, application, connection, network, reference. The names of
 * people, organizations, applications and connections link to their pages.
 */
import { Anchor, Code } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { addressOf, codeOf, type LogLine } from '../../lines/answers';
import { tellActor } from '../../lines/tell-line';
import { CopyText } from '../../parts/CopyText';
import { Facts } from '../../parts/Facts';
import { tellAgent } from './tell-agent';

const exact = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'long' });

function toPlace(folder: string, id: string | undefined, name: string | undefined): ReactNode {
  if (id === undefined) return name;
  return (
    <Anchor component={Link} to={`/${folder}/${encodeURIComponent(id)}`} dir="auto">
      {name ?? id}
    </Anchor>
  );
}

function toLog(address: string): ReactNode {
  return (
    <Anchor component={Link} to={`/log?address=${encodeURIComponent(address)}`} size="sm">
      all entries about this address
    </Anchor>
  );
}

function factsOfPerson(line: LogLine): readonly (readonly [string, ReactNode])[] {
  const address = addressOf(line);
  return [
    ['Person', line.user_id === undefined ? (address ?? 'unknown') : toPlace('people', line.user_id, address)],
    ['Account', line.user_id === undefined ? 'none known' : <Code key="account">{line.user_id}</Code>],
    ...(address === undefined ? [] : ([['In the log', toLog(address)]] as const)),
  ];
}

function factsOfPlace(line: LogLine): readonly (readonly [string, ReactNode])[] {
  return [
    ['Organization', toPlace('organizations', line.organization_id, line.organization_name)],
    ['Application', toPlace('applications', line.client_id, line.client_name)],
    ['Connection', toPlace('connections', line.connection_id, line.connection)],
  ];
}

function factsOfChange({ details }: LogLine): readonly (readonly [string, ReactNode])[] {
  const { method = '', path = '', body } = details?.request ?? {};
  const sent = body === undefined ? undefined : <Code block>{JSON.stringify(body, null, 2)}</Code>;
  return [
    ['Request', <Code key="request">{`${method.toUpperCase()} ${path}`}</Code>],
    ['Sent', sent],
  ];
}

/** The attributes in a directory's PATCH that are not stored (SCIM). */
function factsOfDirectory({ details }: LogLine): readonly (readonly [string, ReactNode])[] {
  const names = details?.ignored_attributes;
  return Array.isArray(names) ? [['Ignored attributes', <Code key="ignored">{names.join(', ')}</Code>]] : [];
}

export function LineFacts({ line }: { readonly line: LogLine }) {
  const isChange = line.type === 'sapi';
  const { reference } = line.details ?? {};
  return (
    <Facts
      facts={[
        [
          'When',
          <time key="when" dateTime={line.date}>
            {exact.format(new Date(line.date))}
          </time>,
        ],
        ...(isChange ? [['By', tellActor(line)] as const, ...factsOfChange(line)] : factsOfPerson(line)),
        ...factsOfPlace(line),
        ...factsOfDirectory(line),
        ['From', [line.ip, tellAgent(line.user_agent)].filter(Boolean).join(', ')],
        ...(reference === undefined
          ? []
          : [['Reference', <CopyText key="reference" text={reference} name="the reference" />] as const]),
        ...(codeOf(line) === undefined ? [] : [['Code', <Code key="code">{codeOf(line)}</Code>] as const]),
      ]}
    />
  );
}
