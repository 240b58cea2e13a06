/**
 * The clock of the operator's machine, which may be wrong. For words such as "3 minutes ago" and for chosen ranges,
 * never for a decision.
 */

export const now = (): Date => new Date();
