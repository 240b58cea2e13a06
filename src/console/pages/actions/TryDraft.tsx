/**
 * The page that runs the saved draft with the event of a past sign-in or token request, or with a sample event. Shows
 * the changes that the draft requests, and applies none of them.
 */
import { Alert, Button, Select, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client';
import { FailureNote } from '../../parts/FailureNote';
import { Refusals, Textarea } from '../../parts/inputs';
import { sayWhen } from '../../parts/Moment';
import { usePowers } from '../../session/powers';
import { ActionFrame } from './ActionFrame';
import { type Action, type LogLine, triggerOf } from './answers';
import { readGround } from './event-ground';
import { useLogLines } from './queries';
import { toSampleGround } from './sample-ground';
import { TestOutcome } from './TestOutcome';
import { toEvent } from './to-event';

/** Returns the query for log lines from which the event of a trigger can be built. */
const linesFor = (trigger: string) =>
  trigger === 'credentials-exchange' ? 'type:seccft OR type:feccft' : 'type:s OR type:f';

/** In place of a log line's id in the address: the made-up event is shown. */
const SAMPLE = 'sample';

function sayLine(line: LogLine): string {
  const who = line.user_name ?? line.user_id ?? line.client_name ?? 'somebody';
  const where = line.organization_name === undefined ? '' : ` at ${line.organization_name}`;
  const end = line.type.startsWith('f') ? ', refused' : '';
  return `${who}${where}${end}, ${sayWhen(line.date)}`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function EventForm({ action, loaded }: { readonly action: Action; readonly loaded: string }) {
  const [text, setText] = useState(loaded);
  const run = useMutation({
    mutationFn: async () => {
      const payload = JSON.parse(text) as Record<string, never>;
      const options = { params: { path: { id: action.id } }, body: { payload } };
      const { data } = await api.POST('/actions/actions/{id}/test', options);
      return data?.payload;
    },
  });
  return (
    <Stack>
      <Refusals error={run.error}>
        <Textarea
          fills="payload"
          label="Event"
          description="The draft receives this event. You can edit it before you run the test."
          value={text}
          error={isJson(text) ? undefined : 'This is not valid JSON. Check commas, quotation marks and brackets.'}
          onChange={(event) => setText(event.currentTarget.value)}
          autosize
          minRows={8}
          maxRows={24}
          spellCheck={false}
          dir="ltr"
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
        />
      </Refusals>{' '}
      <Alert variant="light" color="yellow" title="Requests to other systems are real">
        The draft runs with its secrets and really sends its requests to other systems. Changes that it requests on this
        server are only shown, so no sign-in and no person is affected.
      </Alert>
      <Button
        onClick={() => run.mutate()}
        loading={run.isPending}
        disabled={!isJson(text)}
        style={{ alignSelf: 'start' }}
      >
        Run test
      </Button>
      {run.error && <FailureNote error={run.error} />}
      {run.data && <TestOutcome result={run.data} />}
    </Stack>
  );
}

function TryForm({ action }: { readonly action: Action }) {
  const { login } = useSearch({ from: '/actions/$actionId/test' });
  const navigate = useNavigate();
  const trigger = triggerOf(action);
  const lines = useLogLines(linesFor(trigger));
  const line = lines.items.find(({ log_id: id }) => id === login);
  const ground = useQuery({
    queryKey: ['event-ground', login],
    queryFn: () => (line === undefined ? undefined : readGround(line)),
    enabled: line !== undefined,
  });
  const isSample = login === SAMPLE;
  const sample = () => JSON.stringify(toEvent(trigger, toSampleGround(window.location.host)), null, 2);
  const choose = (value: string | null) =>
    void navigate({
      to: '/actions/$actionId/test',
      params: { actionId: action.id },
      search: value ? { login: value } : {},
    });
  return (
    <Stack maw={860}>
      {lines.error !== null && <FailureNote error={lines.error} onRetry={lines.retry} />}
      <Select
        label={trigger === 'credentials-exchange' ? 'Past token request' : 'Past sign-in'}
        description="Choose from the newest hundred. The event is built from the log and from the current data of the person, organization and application."
        placeholder={lines.isLoading || lines.items.length > 0 ? 'Choose one' : 'None yet'}
        data={lines.items.map((item) => ({ value: item.log_id, label: sayLine(item) }))}
        value={line?.log_id ?? null}
        onChange={choose}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Clear selection' }}
      />
      <Button
        variant="default"
        onClick={() => choose(isSample ? null : SAMPLE)}
        aria-pressed={isSample}
        style={{ alignSelf: 'start' }}
      >
        Use a sample event
      </Button>
      {isSample && <EventForm key={`${SAMPLE} ${trigger}`} action={action} loaded={sample()} />}
      {ground.error !== null && <FailureNote error={ground.error} onRetry={() => void ground.refetch()} />}
      {ground.data && (
        <EventForm key={login} action={action} loaded={JSON.stringify(toEvent(trigger, ground.data), null, 2)} />
      )}
    </Stack>
  );
}

function Body({ action }: { readonly action: Action }) {
  const may = usePowers();
  if (!may('create:actions'))
    return (
      <Text>
        Your role cannot run tests, because that needs the permission to write Actions. Ask an owner of this server.
      </Text>
    );
  return <TryForm action={action} />;
}

export function TryDraft() {
  return <ActionFrame>{(action) => <Body action={action} />}</ActionFrame>;
}
