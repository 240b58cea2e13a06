/**
 * The search at the top of every page: a button that looks like a field, and the keys that open the palette: `/`, or
 * Ctrl-K (on a Mac also ⌘K). Sends no request itself. The palette is a file of its own, fetched before it is needed.
 */
import { Kbd, Text, UnstyledButton } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import classes from './Finder.module.css';

const load = () => import('./Palette');
const Palette = lazy(async () => ({ default: (await load()).Palette }));

const PRELOAD_MS = 1_500;
/** Elements in which `/` is a letter that people type. */
const TYPED_IN = 'input, textarea, select, [contenteditable="true"]';

/**
 * True for a key that opens the palette. `/` counts with and without Shift, because some keyboards have it above
 * another key.
 */
function opens({ key, ctrlKey, metaKey, altKey, target }: KeyboardEvent): boolean {
  if ((ctrlKey || metaKey) && !altKey) return key.toLowerCase() === 'k';
  return key === '/' && !altKey && !ctrlKey && !metaKey && !(target instanceof Element && target.closest(TYPED_IN));
}

export function Finder() {
  const [isOpen, setOpen] = useState(false);
  const [isWanted, setWanted] = useState(false);
  const open = () => {
    setWanted(true);
    setOpen(true);
  };
  useEffect(() => {
    const timer = window.setTimeout(() => void load(), PRELOAD_MS);
    const press = (event: KeyboardEvent) => {
      // Not above another dialog: its typed text could be lost.
      if (!opens(event) || document.querySelector('[aria-modal="true"]')) return;
      event.preventDefault();
      setWanted(true);
      setOpen(true);
    };
    // In the capture phase, before the code editor, which uses Ctrl-K too.
    window.addEventListener('keydown', press, true);
    return () => {
      window.clearTimeout(timer);
      window.removeEventListener('keydown', press, true);
    };
  }, []);
  return (
    <>
      <UnstyledButton
        className={classes.field}
        onClick={open}
        onPointerEnter={() => void load()}
        aria-haspopup="dialog"
        aria-keyshortcuts="/ Control+K Meta+K"
      >
        <IconSearch size={16} aria-hidden />
        <Text span size="sm" truncate className={classes.words}>
          Search or jump to
        </Text>
        <Kbd visibleFrom="sm" aria-hidden>
          /
        </Kbd>
      </UnstyledButton>
      {isWanted && (
        <Suspense>
          <Palette opened={isOpen} onLeave={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
