/**
 * The search above a list, by the beginning of a name or an address. The API uses a database index for it, so it works
 * at any size. Keeps the typed text. Submitting changes the page's address (`?find=…`), so that back leads to the
 * earlier search and a copied link shows the same rows.
 */
import { Anchor, Button, Group, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';

/** The search parameter that filters a list. */
export interface FindSearch {
  readonly find?: string;
}

/** Parses `find` of an address for the router's `validateSearch`. The router passes a text of digits as a number. */
export function readFind({ find }: Record<string, unknown>): FindSearch {
  return (typeof find === 'string' || typeof find === 'number') && find !== '' ? { find: String(find) } : {};
}

export interface SearchFieldProps {
  readonly label: string;
  readonly description: string;
  readonly find: string | undefined;
  /** Opens the object whose complete id was typed, if the text is one. Returns false for any other text. */
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

/** A new search creates a new field (`key`), so that the browser's back button also restores the text typed for it. */
export const SearchField = (props: SearchFieldProps) => <Field key={props.find ?? ''} {...props} />;
