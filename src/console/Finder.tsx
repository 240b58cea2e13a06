/**
 * A field for any pasted text: the reference of a refusal, an email address, an id. It opens the page for that text,
 * and sends no request itself.
 */
import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { findPlace } from './find-place';

export function Finder() {
  const [text, setText] = useState('');
  const navigate = useNavigate();
  const go = (event: FormEvent) => {
    event.preventDefault();
    const place = findPlace(text);
    if (place === undefined) return;
    setText('');
    void navigate(place);
  };
  return (
    <form onSubmit={go} style={{ flex: '0 1 26rem' }}>
      <TextInput
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        placeholder="Reference, email or ID"
        aria-label="Find a reference, email address or ID"
        leftSection={<IconSearch size={16} aria-hidden />}
        spellCheck={false}
        autoComplete="off"
      />
    </form>
  );
}
