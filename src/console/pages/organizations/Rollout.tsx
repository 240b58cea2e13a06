/**
 * The page about an organization's move to single sign-on with `vestibule rollout`: its commands, plan and journal.
 * Reads both files in the browser and sends neither. Runs no command.
 */
import { Alert, Button, FileButton, Group, NativeSelect, Paper, Stack, Text, Title } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { type DragEvent, useState } from 'react';
import type { Organization } from './answers';
import { OrganizationFrame } from './OrganizationFrame';
import { useEnablements } from './queries';
import { Commands } from './rollout/Commands';
import { PlanView } from './rollout/PlanView';
import { type Journal, judgeFile, type Plan, readJournal, readPlan, WrongFile } from './rollout/read-files';

interface Files {
  readonly name: string;
  readonly plan: Plan;
  readonly journal: Journal | undefined;
}

interface Given {
  readonly plan?: { readonly name: string; readonly text: string };
  readonly journal?: string;
}

/** Tells the plan and the journal apart by their contents. Throws {@link WrongFile} for any other file. */
async function sortFiles(given: readonly File[]): Promise<Given> {
  let sorted: Given = {};
  for (const file of given) {
    const text = await file.text();
    const kind = judgeFile(text);
    if (kind === undefined)
      throw new WrongFile(`${file.name} is neither a plan nor a journal of vestibule rollout, so it was not read.`);
    sorted = kind === 'plan' ? { ...sorted, plan: { name: file.name, text } } : { ...sorted, journal: text };
  }
  return sorted;
}

/**
 * Reads the chosen files. A journal that was chosen alone belongs to the plan that was chosen before. Rejects with
 * {@link WrongFile}.
 */
async function readFiles(given: readonly File[], before: Files | undefined): Promise<Files> {
  const sorted = await sortFiles(given);
  const plan = sorted.plan === undefined ? before?.plan : await readPlan(sorted.plan.text);
  if (plan === undefined) throw new WrongFile('This is a journal. Choose its plan first, or choose both together.');
  const name = sorted.plan?.name ?? before?.name ?? '';
  const kept = sorted.plan === undefined ? before?.journal : undefined;
  return { name, plan, journal: sorted.journal === undefined ? kept : readJournal(sorted.journal, plan.digest) };
}

function Chooser({ onGiven }: { readonly onGiven: (files: readonly File[]) => void }) {
  const drop = (event: DragEvent) => {
    event.preventDefault();
    onGiven([...event.dataTransfer.files]);
  };
  return (
    <Paper withBorder p="lg" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      <Group>
        <FileButton onChange={(files) => files.length > 0 && onGiven(files)} multiple>
          {(props) => (
            <Button variant="default" {...props}>
              Choose plan and journal
            </Button>
          )}
        </FileButton>
        <Text c="dimmed">or drop them here. They are only read in this browser and are not sent anywhere.</Text>
      </Group>
    </Paper>
  );
}

interface OwnCommandsProps {
  readonly organization: Organization;
  readonly files: Files | undefined;
}

/**
 * Shows the commands for the plan's connection. Without a plan: for the connection that the operator chose, or else for
 * the organization's first connection to an identity provider.
 */
function OwnCommands({ organization, files }: OwnCommandsProps) {
  const { items } = useEnablements(organization.id);
  const [chosen, setChosen] = useState<string>();
  const names = items.flatMap(({ connection: { name, strategy } }) => (strategy === 'auth0' ? [] : [name]));
  return (
    <>
      <Title order={2} size="h3">
        Commands
      </Title>
      {files === undefined && names.length > 1 && (
        <NativeSelect
          label="Connection"
          description="The connection that people use after the rollout."
          data={names}
          value={chosen ?? names[0]}
          onChange={(event) => setChosen(event.currentTarget.value)}
          maw={420}
        />
      )}
      <Commands
        organization={files?.plan.head.organization.name ?? organization.name}
        connection={files?.plan.head.connection.name ?? chosen ?? names[0]}
        file={files?.name ?? 'rollout.jsonl'}
      />
    </>
  );
}

function Reader({ organization }: { readonly organization: Organization }) {
  const [files, setFiles] = useState<Files>();
  const [problem, setProblem] = useState<string>();
  const take = async (given: readonly File[]) => {
    try {
      setFiles(await readFiles(given, files));
      setProblem(undefined);
    } catch (error) {
      setProblem(error instanceof WrongFile ? error.message : 'The file cannot be read.');
    }
  };
  const other = files !== undefined && files.plan.head.organization.id !== organization.id;
  const commands = <OwnCommands organization={organization} files={files} />;
  return (
    <Stack gap="lg">
      <Text>
        Members are linked to the connection at their first sign-in, so preparing them is optional. A rollout shows in
        advance what will happen to each person, and can be undone.
      </Text>
      <Chooser onGiven={(given) => void take(given)} />
      {problem !== undefined && (
        <Alert color="red" variant="light" title="This file was not read" role="alert">
          {problem}
        </Alert>
      )}
      {other && (
        <Alert color="yellow" variant="light" title={`This plan is for ${files.plan.head.organization.title}`}>
          It is not about {organization.display_name}.
        </Alert>
      )}
      {files === undefined ? (
        commands
      ) : (
        <PlanView key={files.plan.digest} plan={files.plan} journal={files.journal}>
          {commands}
        </PlanView>
      )}
    </Stack>
  );
}

export function Rollout() {
  const { organizationId } = useParams({ from: '/organizations/$organizationId/rollout' });
  return (
    <OrganizationFrame id={organizationId}>
      {(organization) => <Reader key={organization.id} organization={organization} />}
    </OrganizationFrame>
  );
}
