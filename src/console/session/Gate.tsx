/**
 * Shows the console to a signed-in operator, and sends everybody else to the sign-in page. Also shows a refused
 * sign-in, with the server's words and the reference number. Renders no page of the console before the sign-in.
 */
import { Button, Center, Loader, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { tellFailure } from '../api/failure';
import { OperatorContext } from './operator';
import { loadPowers } from './powers';
import { leaveToSignIn, type Operator, SignedOut, signInSilently, takeBegun, takeReturnAddress } from './session';

type State =
  | { readonly is: 'asking' }
  | { readonly is: 'in'; readonly operator: Operator }
  | { readonly is: 'out'; readonly title: string; readonly body: string };

const SIGNED_OUT = { title: 'You are signed out', body: 'Only operators of this server can use this console.' };

/** A reference number as refusals show it. */
const REFERENCE = /^V-[0-9A-Z]{4}-[0-9A-Z]{4}$/;

/**
 * Returns the server's words about a refusal, but only for a sign-in that began in this browser. Attack: a link to the
 * console has the attacker's own words, which would look like the server's.
 */
function sayRefusal(query: URLSearchParams): string {
  const said = takeBegun(query.get('state')) ? (query.get('error_description') ?? query.get('error')) : null;
  const reference = query.get('error_reference') ?? '';
  return `${said ?? 'The server refused this sign-in.'}${REFERENCE.test(reference) ? ` The reference is ${reference}.` : ''}`;
}

/**
 * Reads the answer of a sign-in from the page's address and removes it there: an authorization code must not stay in
 * the history.
 */
function takeAnswer(): { readonly refusal?: string; readonly cameBack: boolean } {
  const query = new URLSearchParams(window.location.search);
  if (!query.has('error') && !query.has('code')) return { cameBack: false };
  const answer = { cameBack: true, ...(query.has('error') && { refusal: sayRefusal(query) }) };
  window.history.replaceState(null, '', takeReturnAddress() ?? '/console');
  return answer;
}

async function enter(): Promise<State> {
  const { refusal, cameBack } = takeAnswer();
  if (refusal !== undefined) return { is: 'out', title: 'Your sign-in was refused', body: refusal };
  try {
    const operator = await signInSilently();
    await loadPowers(operator.userId);
    return { is: 'in', operator };
  } catch (error) {
    if (!(error instanceof SignedOut)) {
      const { happened, why } = tellFailure(error);
      return { is: 'out', title: happened, body: why };
    }
    // Leads to the sign-in page at most once, so that there is no endless loop. Does not do so right after a sign-out.
    if (cameBack)
      return {
        is: 'out',
        title: 'Your session could not be kept',
        body: 'Allow cookies for this site, then sign in again. If that does not help, ask an owner whether you are still an operator.',
      };
    if (new URLSearchParams(window.location.search).has('signed_out')) return { is: 'out', ...SIGNED_OUT };
    leaveToSignIn();
    return { is: 'asking' };
  }
}

/** The sign-in in progress: one per page load, even if React mounts the component several times. */
let entering: Promise<State> | undefined;

export function Gate({ children }: { readonly children: ReactNode }) {
  const [state, setState] = useState<State>({ is: 'asking' });
  useEffect(() => {
    entering ??= enter();
    void entering.then(setState);
  }, []);
  if (state.is === 'in') return <OperatorContext value={state.operator}>{children}</OperatorContext>;
  if (state.is === 'asking')
    return (
      <Center mih="60vh">
        <Loader aria-label="Signing in" />
      </Center>
    );
  return (
    <Center mih="60vh" p="md" component="main">
      <Stack maw={440} gap="md">
        <Title order={1} size="h2">
          {state.title}
        </Title>
        <Text>{state.body}</Text>
        <Button onClick={leaveToSignIn}>Sign in</Button>
      </Stack>
    </Center>
  );
}
