/** The types of put-in-place.mjs, for what is compiled. */
export function makeAside(root: string): string;
export function putInPlace(made: string, target: string): void;
export function removeAtOnce(target: string, aside: string): void;
