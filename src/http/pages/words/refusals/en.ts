/** The refusals in English: the sentences of the table itself, each kept once. */
import { REFUSALS } from '../../../../login/refusals.js';
import type { RefusalWords } from './seen.js';

export const refusalsEn: RefusalWords = REFUSALS;
