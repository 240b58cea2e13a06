/** Assertions for states that cannot happen. Never used on data that a user, an IdP or the network sent. */

/** Thrown when this server's own code has reached a state that cannot happen. */
export class Bug extends Error {
  override name = 'Bug';
}

/** Throws {@link Bug} when `condition` does not hold. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Bug(message);
}

/** Call it in the `default` of a switch over a closed union: the compiler complains when a case is missing. */
export function assertNever(value: never): never {
  throw new Bug(`unreachable: ${JSON.stringify(value)}`);
}
