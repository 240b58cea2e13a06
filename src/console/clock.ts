/**
 * The clock of the operator's computer, which may be wrong. Used for words such as "3 minutes ago" and for chosen time
 * ranges, never for a decision.
 */

export const now = (): Date => new Date();
