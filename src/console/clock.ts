/** The clock of the operator's machine, which may be wrong: for words such as "3 minutes ago" and for ranges that people choose, never for a decision. */

export const now = (): Date => new Date();
