/**
 * Tells owners that a password alone opens this console. Hidden once a second factor is required of operators, or when
 * an owner hides it in their browser.
 */
import { Button, Group, List } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { OPERATORS_NEED_NONE, useMayRequire, useOperatorsMfa } from '../../factors/operators';
import { Troubles } from './Health';
import { Part } from './Part';

const HIDDEN = 'vestibule.hides-operators-factor';

/** Browsers with blocked storage keep nothing: then the note is shown again at the next visit. */
function isHiddenHere(): boolean {
  try {
    return window.localStorage.getItem(HIDDEN) !== null;
  } catch {
    return false;
  }
}

function hideHere(): void {
  try {
    window.localStorage.setItem(HIDDEN, '1');
  } catch {
    // Blocked storage: the note stays hidden until the page is loaded again.
  }
}

export function UnprotectedOperators() {
  const [isHidden, setHidden] = useState(isHiddenHere);
  const mayRequire = useMayRequire();
  const { data: mfa } = useOperatorsMfa();
  if (isHidden || !mayRequire || mfa !== 'none') return null;
  const hide = () => {
    hideHere();
    setHidden(true);
  };
  return (
    <Part title="Operators without a second factor">
      <Troubles color="yellow">
        <List.Item>{OPERATORS_NEED_NONE}</List.Item>
      </Troubles>
      <Group>
        <Button component={Link} to="/settings/operators" size="xs">
          Require a second factor
        </Button>
        <Button variant="default" size="xs" onClick={hide}>
          Hide in this browser
        </Button>
      </Group>
    </Part>
  );
}
