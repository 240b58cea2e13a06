/** The sections of an application's settings: addresses, organizations, refusals, tokens. They save nothing. */
import { Anchor, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Field, Fields } from '../../parts/Fields';
import type { Edit } from '../../parts/use-edit';
import type { SettingsValues } from './settings-fields';

interface SectionProps {
  readonly id: string;
  readonly title: string;
  readonly children: ReactNode;
}

function Section({ id, title, children }: SectionProps) {
  return (
    <Stack component="section" aria-labelledby={id}>
      <Title order={2} size="h4" id={id}>
        {title}
      </Title>
      {children}
    </Stack>
  );
}

function LifetimeElsewhere() {
  return (
    <Text size="sm" c="dimmed">
      The lifetime of its tokens is set for each{' '}
      <Anchor component={Link} to="/applications/apis" inherit>
        API
      </Anchor>
      .
    </Text>
  );
}

export interface SettingsFieldsProps {
  readonly edit: Edit<SettingsValues>;
  /** False for a machine, which has no settings for people. */
  readonly isForPeople: boolean;
}

export function SettingsFields({ edit, isForPeople }: SettingsFieldsProps) {
  return (
    <>
      <Field form={edit} name="name" />
      {isForPeople && (
        <>
          <Section id="addresses" title="Addresses">
            <Fields form={edit} names={['callbacks', 'logoutUrls', 'origins', 'loginUri', 'noticeUrl', 'notices']} />
          </Section>
          <Section id="organizations" title="Organizations">
            <Fields form={edit} names={['usage', 'behavior']} />
          </Section>
          <Section id="refusals" title="Refusals">
            <Field form={edit} name="refusals" />
          </Section>
        </>
      )}
      <Section id="tokens" title="Tokens">
        <Field form={edit} name="grantTypes" />
        {isForPeople ? (
          <>
            <Field form={edit} name="rotates" />
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              <Fields form={edit} names={['idTokenSeconds', 'refreshSeconds', 'idleSeconds']} />
            </SimpleGrid>
          </>
        ) : (
          <LifetimeElsewhere />
        )}
      </Section>
    </>
  );
}
