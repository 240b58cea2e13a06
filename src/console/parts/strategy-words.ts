/** The kinds of connections in words, the same on every page. Pure; a kind that is not known is told as it is. */
import { findStrategy } from '../../facts/strategies.js';

/** Returns the name of a strategy for people. */
export const sayStrategy = (strategy: string): string => findStrategy(strategy)?.label ?? strategy;
