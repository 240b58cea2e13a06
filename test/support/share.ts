/**
 * The share of exhaustive or random work that a run plays. Without `TEST_SHARE` it is all of it: `npm run test:long` and every release. With
 * `TEST_SHARE=2/3` it is every third item, from the second on: in CI the third follows from the commit.
 */
export interface Share {
  readonly part: number;
  readonly of: number;
}

function readShare(text: string | undefined): Share {
  const [, part, of] = /^(\d+)\/(\d+)$/.exec(text ?? '1/1') ?? [];
  if (part === undefined || of === undefined || Number(part) < 1 || Number(part) > Number(of))
    throw new Error(`TEST_SHARE is ${JSON.stringify(text)}: it takes a part and a whole, such as 2/3`);
  return { part: Number(part), of: Number(of) };
}

export const SHARE = readShare(process.env.TEST_SHARE);

/** Numbers from 1 on that this run plays: `for (let n = SHARE_FIRST; ...; n += SHARE_STEP)`. */
export const SHARE_FIRST = SHARE.part;
export const SHARE_STEP = SHARE.of;

/** The items of this run's share; at least one, where there is any. */
export function shareOf<T>(items: readonly T[], share = SHARE): readonly T[] {
  const chosen = items.filter((_item, index) => index % share.of === share.part - 1);
  return chosen.length > 0 ? chosen : items.slice(0, 1);
}

/**
 * The items of this run's share for the thing of this name. Which one comes first follows from the name: a run that plays one item of each thing
 * plays every item with some of them.
 */
export function shareFor<T>(name: string, items: readonly T[], share = SHARE): readonly T[] {
  const first = [...name].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % Math.max(1, items.length);
  return shareOf([...items.slice(first), ...items.slice(0, first)], share);
}

/** How many of `count` random runs are this run's share; at least one. */
export function shareOfCount(count: number): number {
  return Math.max(1, Math.round(count / SHARE.of));
}
