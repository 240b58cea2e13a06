/** The shares of work and the lines: which work begins, is queued or is refused, and in which order queued work is served. */
import { describe, expect, test } from 'vitest';
import { FairLine, type FairLineLimits, type Ticket } from '../../src/kernel/fair-line.js';
import { networksOf } from '../../src/kernel/networks.js';

const MANY = { machine: 100, site: 100, block: 100, application: 100 };
const LIMITS: FairLineLimits = {
  all: 100,
  most: MANY,
  perTurn: MANY,
  whileBusy: MANY,
  waiting: MANY,
  beginnings: { count: 2, waitMs: 100 },
};

const NONE: Ticket = { isBeginning: false, arrivedAtMs: 0, begin: () => {} };

function createRig(limits: Partial<FairLineLimits>) {
  const line = new FairLine({ ...LIMITS, ...limits });
  const begun: string[] = [];
  const tickets = new Map<string, Ticket>();
  return {
    line,
    begun,
    come(address: string, name = address, { isBeginning = false, arrivedAtMs = 0 } = {}) {
      const ticket = { isBeginning, arrivedAtMs, begin: () => void begun.push(name) };
      tickets.set(name, ticket);
      const entrance = line.enter(ticket, networksOf(address));
      if (entrance === 'begun') ticket.begin();
      return entrance;
    },
    finish: (name: string) => line.finish(tickets.get(name) ?? NONE),
    leave: (name: string) => line.leave(tickets.get(name) ?? NONE),
  };
}

describe('shares', () => {
  test('case=a machine has its share in progress; its next work waits, and that of another machine begins', () => {
    const rig = createRig({ most: { machine: 2, site: 3, block: 4, application: 9 } });
    expect(['a', 'b', 'c'].map((name) => rig.come('10.0.0.1', name))).toEqual(['begun', 'begun', 'waits']);
    expect(rig.come('10.0.1.1', 'other')).toBe('begun');
    rig.finish('a');
    expect(rig.begun).toEqual(['a', 'b', 'other', 'c']);
  });

  test('case=many machines of one block have the share of the block', () => {
    const rig = createRig({ most: { machine: 2, site: 3, block: 4, application: 9 } });
    const come = Array.from({ length: 6 }, (_, at) => rig.come(`10.0.0.${at}`));
    expect(come).toEqual(['begun', 'begun', 'begun', 'begun', 'waits', 'waits']);
    expect(rig.come('10.0.1.1')).toBe('begun');
  });

  test('case=a /56 of IPv6 has the share of a site, with however many networks of machines', () => {
    const rig = createRig({ most: { machine: 2, site: 3, block: 4, application: 9 } });
    const come = Array.from({ length: 4 }, (_, at) => rig.come(`2001:db8:0:${at}::1`));
    expect(come).toEqual(['begun', 'begun', 'begun', 'waits']);
  });

  test('case=a line has its bound, and who is refused leaves no trace', () => {
    const rig = createRig({
      most: { machine: 1, site: 1, block: 1, application: 9 },
      waiting: { machine: 1, site: 2, block: 2, application: 9 },
    });
    expect(['a', 'b', 'c'].map((name) => rig.come('10.0.0.1', name))).toEqual(['begun', 'waits', 'full']);
    expect(rig.come('10.0.0.2', 'd')).toBe('waits');
    expect(rig.come('10.0.0.3', 'e')).toBe('full');
    for (const name of ['a', 'b', 'd']) rig.finish(name);
    expect(rig.line).toMatchObject({ running: 0, waiting: 0 });
  });
});

describe('what continues, and what begins', () => {
  const one = { machine: 1, site: 1, block: 1, application: 9 };

  test('case=in a line, what continues goes first, and what begins keeps its order', () => {
    const rig = createRig({ most: one });
    rig.come('10.0.0.1', 'runs');
    for (const name of ['new 1', 'new 2']) rig.come('10.0.0.1', name, { isBeginning: true });
    for (const name of ['next 1', 'next 2']) rig.come('10.0.0.1', name);
    for (const name of ['runs', 'next 1', 'next 2', 'new 1', 'new 2']) rig.finish(name);
    expect(rig.begun).toEqual(['runs', 'next 1', 'next 2', 'new 1', 'new 2']);
    expect(rig.line).toMatchObject({ running: 0, waiting: 0 });
  });

  test('case=while several beginnings wait, the oldest one for too long, none joins the line of its network', () => {
    const rig = createRig({ most: one });
    const begin = (name: string, arrivedAtMs: number, address = '10.0.0.1') =>
      rig.come(address, name, { isBeginning: true, arrivedAtMs });
    rig.come('10.0.0.1', 'runs');
    // One alone says that the process was slow, not that many wait.
    expect([begin('a', 0), begin('b', 101), begin('c', 100)]).toEqual(['waits', 'waits', 'waits']);
    rig.leave('c');
    expect(begin('d', 101)).toBe('behind');
    expect(rig.come('10.0.0.1', 'next')).toBe('waits');
    expect(begin('other', 200, '10.0.1.1')).toBe('begun');
    rig.leave('a');
    expect([begin('e', 201), begin('f', 201), begin('g', 202)]).toEqual(['waits', 'waits', 'behind']);
    for (const name of ['runs', 'next', 'b', 'e', 'f', 'other']) rig.finish(name);
    expect(rig.line).toMatchObject({ running: 0, waiting: 0 });
  });
});

test('case=the crowd counts a few of each block, and of an application', () => {
  const { line, come } = createRig({ all: 1 });
  expect(line.countCrowd(3)).toBe(0);
  for (const name of ['a', 'b', 'c', 'd']) come('10.0.0.1', name);
  come('10.0.0.2', 'same block');
  come('10.0.1.1', 'other block');
  for (const name of ['e', 'f', 'g', 'h'])
    line.enter({ ...NONE, begin: () => void name }, [{ name: 'app', width: 'application' }]);
  expect(line.countCrowd(3)).toBe(7);
});

describe('turns', () => {
  test('case=of what waits for a place one of each block is next, however long the line of one is', () => {
    const rig = createRig({ all: 1 });
    rig.come('10.0.9.9', 'first');
    for (const name of ['a1', 'a2', 'a3']) rig.come('10.0.0.1', name);
    // A second machine of the same block has no turn of its own beside the other blocks.
    rig.come('10.0.0.2', 'A1');
    rig.come('10.0.1.1', 'b1');
    rig.come('10.0.1.1', 'b2');
    for (const name of ['first', 'a1', 'b1', 'A1', 'b2', 'a2']) rig.finish(name);
    expect(rig.begun).toEqual(['first', 'a1', 'b1', 'A1', 'b2', 'a2', 'a3']);
  });

  test('case=work that is given up while it waits never begins, and its place in line is gone', () => {
    const rig = createRig({ all: 1 });
    for (const name of ['a', 'b', 'c']) rig.come('10.0.0.1', name);
    rig.leave('b');
    rig.finish('a');
    expect(rig.begun).toEqual(['a', 'c']);
    // Given up after it began: it counts until it is over.
    rig.leave('c');
    expect(rig.line).toMatchObject({ running: 1, waiting: 0 });
  });

  test('case=work that is over at once counts in its turn of the event loop all the same', () => {
    const rig = createRig({ perTurn: { machine: 2, site: 2, block: 2, application: 9 } });
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      rig.come('10.0.0.1', name);
      if (name < 'c') rig.finish(name);
    }
    expect(rig.begun).toEqual(['a', 'b']);
    expect(rig.come('10.0.1.1', 'other')).toBe('begun');
    rig.line.endTurn(false);
    expect(rig.begun).toEqual(['a', 'b', 'other', 'c', 'd']);
    expect(rig.line.needsTurn).toBe(true);
    rig.line.endTurn(false);
    expect(rig.begun).toEqual(['a', 'b', 'other', 'c', 'd', 'e']);
    rig.line.endTurn(false);
    expect(rig.line.needsTurn).toBe(false);
  });

  test('case=while the process is busy less work begins in a turn, even if it is over at once', () => {
    const rig = createRig({
      perTurn: { machine: 8, site: 8, block: 8, application: 9 },
      whileBusy: { machine: 2, site: 2, block: 2, application: 9 },
    });
    rig.line.endTurn(true);
    for (const name of ['a', 'b', 'c']) {
      rig.come('10.0.0.1', name);
      if (name < 'c') rig.finish(name);
    }
    expect(rig.begun).toEqual(['a', 'b']);
    rig.line.endTurn(false);
    expect(rig.begun).toEqual(['a', 'b', 'c']);
  });

  test('case=while the process is busy a network has less in progress, and gets more when it is not', () => {
    const rig = createRig({ whileBusy: { machine: 1, site: 1, block: 1, application: 9 } });
    rig.come('10.0.0.1', 'a');
    rig.line.endTurn(true);
    expect(rig.come('10.0.0.1', 'b')).toBe('waits');
    rig.line.endTurn(true);
    expect(rig.begun).toEqual(['a']);
    rig.line.endTurn(false);
    expect(rig.begun).toEqual(['a', 'b']);
  });
});
