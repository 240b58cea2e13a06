/** The kinds of connections (strategies) in words, the same on every page. An unknown one is shown unchanged. Pure. */
import { findStrategy } from '../../facts/strategies.js';

/** Returns the name of a strategy in words. */
export const sayStrategy = (strategy: string): string => findStrategy(strategy)?.label ?? strategy;
