/**
 * The search above a list: by the beginning of a name or an address, which the API finds by an index at any size. Keeps what is typed; the
 * address of the page (`?find=…`) changes when it is sent, so that back leads to the search before, and a link to the same rows.
 */
import { Anchor, Button, Group, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';

/** The part of a page's address that narrows its list. */
export interface FindSearch {
  readonly find?: string;
}

/** For `validateSearch`: a text of digits comes as a number. */
export function readFind({ find }: Record<string, unknown>): FindSearch {
  return (typeof find === 'string' || typeof find === 'number') && find !== '' ? { find: String(find) } : {};
}

export interface SearchFieldProps {
  readonly label: string;
  readonly description: string;
  readonly find: string | undefined;
  /** Leads elsewhere for a text that names one thing (its id); false where it names none. */
  onWhole?(text: string): boolean;
}

function Field({ label, description, find, onWhole }: SearchFieldProps) {
  const [text, setText] = useState(find ?? '');
  const navigate = useNavigate();
  const show = (wanted: string) =>
    navigate({
      to: '.',
      search: (({ find: _, after: _page, ...rest }: FindSearch & { after?: string }) =>
        wanted === '' ? rest : { ...rest, find: wanted }) as never,
    });
  const go = (event: FormEvent) => {
    event.preventDefault();
    const wanted = text.trim();
    if (onWhole?.(wanted) !== true) void show(wanted);
  };
  return (
    <form onSubmit={go} style={{ maxWidth: '32rem' }}>
      <Group gap="xs" align="end" wrap="nowrap">
        <TextInput
          style={{ flex: 1 }}
          label={label}
          description={description}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          leftSection={<IconSearch size={16} aria-hidden />}
          maxLength={255}
          spellCheck={false}
          autoComplete="off"
          dir="auto"
        />
        <Button type="submit" variant="default">
          Find
        </Button>
        {find !== undefined && (
          <Anchor
            component="button"
            type="button"
            onClick={() => void show('')}
            mb={8}
            style={{ whiteSpace: 'nowrap' }}
          >
            Show all
          </Anchor>
        )}
      </Group>
    </form>
  );
}

/** Another search in the address is another field: back shows what was typed for it. */
export const SearchField = (props: SearchFieldProps) => <Field key={props.find ?? ''} {...props} />;
