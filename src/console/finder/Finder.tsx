/**
 * The search at the top of every page: a button that looks like a field, and the keys that open the palette: `/`, or
 * Ctrl-K (⌘K on a Mac). Sends no request itself. The palette is a file of its own, fetched before it is needed.
 */
import { Kbd, Text, UnstyledButton } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import classes from './Finder.module.css';
import { isApple, readKey } from './keys';

const load = () => import('./Palette');
const Palette = lazy(async () => ({ default: (await load()).Palette }));

const PRELOAD_MS = 1_500;
/** Elements in which `/` is a letter that people type. */
const TYPED_IN = 'input, textarea, select, [contenteditable="true"]';

const ON_APPLE = isApple(navigator.platform);

const isTypedIn = (target: EventTarget | null) => target instanceof Element && target.closest(TYPED_IN) !== null;

export function Finder() {
  const [isOpen, setOpen] = useState(false);
  const [isWanted, setWanted] = useState(false);
  const open = () => {
    setWanted(true);
    setOpen(true);
  };
  useEffect(() => {
    const timer = window.setTimeout(() => void load(), PRELOAD_MS);
    return () => window.clearTimeout(timer);
  }, []);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const does = readKey(event, isTypedIn(event.target), ON_APPLE);
      if (does === undefined || (isOpen && does === 'open')) return;
      // Does not open above another dialog, whose typed text could be lost.
      if (!isOpen && document.querySelector('[aria-modal="true"]')) return;
      event.preventDefault();
      setWanted(true);
      setOpen(!isOpen);
    };
    // In the capture phase, before the code editor, which uses Ctrl-K too.
    window.addEventListener('keydown', press, true);
    return () => window.removeEventListener('keydown', press, true);
  }, [isOpen]);
  return (
    <>
      <UnstyledButton
        className={classes.field}
        onClick={open}
        onPointerEnter={() => void load()}
        aria-haspopup="dialog"
        aria-keyshortcuts={ON_APPLE ? '/ Meta+K' : '/ Control+K'}
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
