/**
 * The form of a draft, for an Action or a module: the code editor with its findings, and the packages. They are saved
 * together, and compared with another operator's changes. The page that uses the form defines what is read, written and
 * checked.
 */
import { Grid, Stack, Text } from '@mantine/core';
import { type ReactNode, useCallback, useRef, useState } from 'react';
import { EditForm } from '../../parts/EditForm';
import { Field } from '../../parts/Fields';
import { RefusalText } from '../../parts/inputs';
import type { Clash, Edit } from '../../parts/use-edit';
import type { Finding } from './answers';
import { CodeDifference } from './CodeDifference';
import { CodeEditor, type CodeEditorHandle } from './CodeEditor';
import type { CodeValues } from './code-values';
import type { Names } from './complete';
import { Findings } from './Findings';

export interface CodeFormProps<V extends CodeValues> {
  /** Names the editor for screen readers: "Code of the Action". */
  readonly label: string;
  readonly edit: Edit<V>;
  readonly isReadOnly: boolean;
  /** The names that the editor completes; absent for a module. */
  readonly names?: Names;
  check(code: string): Promise<readonly Finding[]>;
  /** Fields beside the editor, above and below the packages. */
  readonly above?: ReactNode;
  readonly below: ReactNode;
}

/** Renders the difference between this operator's code and another one's, if both changed the code. */
const compareCode = ({ name, theirs, mine }: Clash) =>
  name === 'code' ? (
    <CodeDifference key={name} before={String(theirs)} after={String(mine)} label="Their code and your code" />
  ) : undefined;

/** Checks code, and keeps the findings for the list below the editor. */
function useFindings(check: (code: string) => Promise<readonly Finding[]>) {
  const [findings, setFindings] = useState<readonly Finding[]>();
  const ask = useCallback(
    async (code: string) => {
      const found = await check(code);
      setFindings(found);
      return found;
    },
    [check],
  );
  return { findings, ask };
}

type EditorPartProps<V extends CodeValues> = Pick<
  CodeFormProps<V>,
  'label' | 'edit' | 'isReadOnly' | 'check' | 'names'
>;

function EditorPart<V extends CodeValues>({ label, edit, isReadOnly, check, names }: EditorPartProps<V>) {
  const editor = useRef<CodeEditorHandle>(null);
  const { findings, ask } = useFindings(check);
  return (
    <Stack gap="xs">
      <CodeEditor
        ref={editor}
        label={label}
        code={edit.values.code}
        isReadOnly={isReadOnly}
        onChange={(code) => edit.set({ code } as Partial<V>)}
        names={names}
        check={isReadOnly ? undefined : ask}
      />
      <RefusalText property="code" />
      {!isReadOnly && (
        <Text size="sm" c="dimmed">
          {names !== undefined && 'Names after “event.” and “api.” are completed. '}The Tab key indents. To leave the
          editor with the keyboard, press Escape (twice while a list is open), then Tab.
        </Text>
      )}
      <Findings findings={findings} onChoose={(line, column) => editor.current?.goTo(line, column)} />
    </Stack>
  );
}

export function CodeForm<V extends CodeValues>({ edit, isReadOnly, above, below, ...rest }: CodeFormProps<V>) {
  return (
    <EditForm edit={edit} scope="update:actions" lock="readOnly" maw="100%" compare={compareCode}>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <EditorPart edit={edit} isReadOnly={isReadOnly} {...rest} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Stack>
            {above}
            <Field form={edit} name="packages" />
            {below}
          </Stack>
        </Grid.Col>
      </Grid>
    </EditForm>
  );
}
