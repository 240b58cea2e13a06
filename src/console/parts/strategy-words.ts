/** The kinds of connections in words, the same on every page. Pure; a kind that is not known is told as it is. */
import { findStrategy } from '../../facts/strategies.js';

/** The strategy in words. */
export const sayStrategy = (strategy: string): string => findStrategy(strategy)?.label ?? strategy;
