/**
 * Starts the console: first the sign-in, then the pages. The console is a client of the Management API like any other,
 * with no other access to the server.
 */
import '@mantine/core/styles.css';
import './console.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/query';
import { listenForTries } from './last-tries';
import { router } from './router';
import { readNonce } from './server-facts';
import { Gate } from './session/Gate';
import { SessionOver } from './session/SessionOver';
import { theme, variables } from './theme';

// The library of the dialogs adds a style element to stop scrolling. It reads the nonce for this element from this
// variable.
Object.assign(globalThis, { __webpack_nonce__: readNonce() });

listenForTries();

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no place for the console.');
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" cssVariablesResolver={variables} getStyleNonce={readNonce}>
      <QueryClientProvider client={queryClient}>
        <Gate>
          <RouterProvider router={router} />
          <SessionOver />
        </Gate>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
