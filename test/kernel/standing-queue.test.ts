/** A queue that stands is told from a burst: it is overload only while every look finds it, and until it has been away for a while. */
import { expect, test } from 'vitest';
import { StandingQueue } from '../../src/kernel/standing-queue.js';

/** Looks every 100 ms; `#` found a queue. Returns what was said after each look. */
function look(seen: string): string {
  const queue = new StandingQueue();
  return [...seen]
    .map((one, index) => {
      queue.look(index * 100, one === '#');
      return queue.isOverloaded ? '!' : '.';
    })
    .join('');
}

test.each([
  ['an idle node', '....', '....'],
  ['a burst that is over within three seconds', `${'#'.repeat(29)}.`, '.'.repeat(30)],
  ['bursts with a pause in between', `${'#'.repeat(29)}.`.repeat(2), '.'.repeat(60)],
  ['a queue that stands for three seconds', '#'.repeat(31), `${'.'.repeat(29)}!!`],
  ['a moment without a queue', `${'#'.repeat(30)}..##`, `${'.'.repeat(29)}!!!!!`],
])('case=%s', (_name, seen, said) => {
  expect(look(seen)).toBe(said);
});

test('case=five seconds without a queue end it', () => {
  const said = look(`${'#'.repeat(30)}${'.'.repeat(55)}`);
  expect(said.indexOf('!')).toBe(29);
  expect(said.lastIndexOf('!')).toBe(78);
});

// A machine that is slow for a moment: few looks in many seconds, or none for a second now and then.
test.each([
  { everyMs: 900, looks: 29 },
  { everyMs: 1_000, looks: 1_000 },
])('case=looks $everyMs ms apart, $looks of them: no overload', ({ everyMs, looks }) => {
  const queue = new StandingQueue();
  for (let at = 1; at <= looks; at += 1) queue.look(at * everyMs, true);
  expect(queue.isOverloaded).toBe(false);
});
