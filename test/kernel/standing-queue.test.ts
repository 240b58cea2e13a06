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
  ['a burst that is over within a second', '.#########.', '...........'],
  ['bursts with a pause in between', '#########.#########.', '....................'],
  ['a queue that stands for a second', '###########', '..........!'],
  ['a moment without a queue', '###########..##', '..........!!!!!'],
])('case=%s', (_name, seen, said) => {
  expect(look(seen)).toBe(said);
});

test('case=five seconds without a queue end it', () => {
  const said = look(`###########${'.'.repeat(55)}`);
  expect(said.indexOf('!')).toBe(10);
  expect(said.lastIndexOf('!')).toBe(59);
});
