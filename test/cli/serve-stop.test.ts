/** `vestibule serve` and the signal to stop: it counts from the first instant, so that a server under a supervisor never dies half started. */
import { expect, test } from 'vitest';
import { runCommandLine } from '../../src/cli/program.js';
import type { RunningServer, World } from '../../src/cli/world.js';

test('a signal during the start closes the server once it has started, and ends with 0', async () => {
  const events: string[] = [];
  const unused = () => Promise.reject(new Error('not for this command'));
  const server: RunningServer = {
    origin: 'http://localhost:3000',
    reload: unused,
    close: async () => void events.push('closed'),
  };
  let stop = (): void => {};
  const world: World = {
    env: { VESTIBULE_SECRET_KEY: Buffer.alloc(32, 7).toString('base64') },
    out: () => {},
    note: () => {},
    width: 80,
    colourful: false,
    readInput: unused,
    // The system's own handler would end the process here: nobody asked yet to be told.
    startServer: async () => {
      events.push('starts');
      stop();
      return server;
    },
    openKeys: unused,
    openOperators: unused,
    openActions: unused,
    openExaminer: unused,
    onHangup() {},
    untilStopped: () => {
      events.push('listens for the signal');
      return new Promise((resolve) => {
        stop = resolve;
      });
    },
  };
  expect(await runCommandLine(['serve'], world)).toBe(0);
  expect(events).toEqual(['listens for the signal', 'starts', 'closed']);
});
