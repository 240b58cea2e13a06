/** A server with an owner at its console, for all tests of a file. Judges that the browser had nothing to complain about at the end. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import type { OperatorRole } from '../../src/domain/operator-role.js';
import { launchChromium } from './chromium.js';
import { type ConsoleTab, openConsole } from './console.js';
import { type Instance, startInstance } from './instance.js';

export interface ConsoleStage {
  readonly instance: Instance;
  readonly browser: Browser;
  /** The owner. */
  readonly olga: ConsoleTab;
  /** Somebody of this role at this address below /console, in a window of their own. */
  as(role: OperatorRole, path: string): Promise<ConsoleTab>;
}

/** Sets it up before the tests of the file, the owner at `path` below /console, and takes it down afterwards. */
export function useConsole(path: string): ConsoleStage {
  let instance: Instance;
  let browser: Browser;
  let olga: ConsoleTab;
  let joined = 0;
  beforeAll(async () => {
    [instance, browser] = await Promise.all([startInstance(), launchChromium()]);
    olga = await openConsole(instance, browser, { path: `/console${path}` });
  });
  afterAll(async () => {
    expect(olga?.complaints).toEqual([]);
    await browser?.close();
    await instance?.stop();
  });
  return {
    get instance() {
      return instance;
    },
    get browser() {
      return browser;
    },
    get olga() {
      return olga;
    },
    as(role, at) {
      joined += 1;
      return openConsole(instance, browser, {
        email: `${role}${joined}@vestibule.example`,
        role,
        path: `/console${at}`,
      });
    },
  };
}
