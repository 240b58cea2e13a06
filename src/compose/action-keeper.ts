/**
 * Builds the parts behind `vestibule actions`: the database without a server, and the Management API's operations that
 * write there. Runs no Action. Only main.ts imports this.
 */
import { createActionCheck } from '../actions/check/check-action.js';
import { createCheckThread } from '../actions/check/check-thread.js';
import { checkDependencies } from '../actions/runner/dependencies.js';
import type { Config } from '../config/config.js';
import { systemClock } from '../kernel/clock.js';
import { systemEntropy } from '../kernel/ids.js';
import { createActionKeeper } from '../management/actions/recovery.js';
import type { ActionKeeper } from '../ports/action-keeper.js';
import { createDirectory } from '../storage/directory/index.js';
import { createBoxes } from './secrets.js';
import { openBeside, toldToOperator } from './standalone.js';

/** Opens the database of `config`, with or without a running server. Throws {@link StartError}. */
export async function openActionKeeper(config: Config): Promise<ActionKeeper> {
  const boxes = createBoxes(config, systemEntropy);
  const { pool, close } = await openBeside(config);
  const directory = createDirectory(pool, boxes.rows);
  const checkAction = createActionCheck(checkDependencies, createCheckThread());
  const keeper = createActionKeeper({ directory, entropy: systemEntropy, checkAction }, () => systemClock.now());
  return {
    list: () => toldToOperator(keeper.list()),
    rollBack: (...given) => toldToOperator(keeper.rollBack(...given)),
    unbind: (...given) => toldToOperator(keeper.unbind(...given)),
    close,
  };
}
