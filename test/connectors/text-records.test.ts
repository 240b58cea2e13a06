/** TXT records over a real socket: each kind of answer told apart, nothing taken that was not asked for, everything bounded. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { MOST_TEXTS } from '../../src/connectors/dns/message.js';
import { createTextRecords, parseServer, type TextRecordsOptions } from '../../src/connectors/dns/text-records.js';
import { systemClock } from '../../src/kernel/clock.js';
import { systemEntropy } from '../../src/kernel/ids.js';
import { cname, startTextNameServer, type TextNameServer, type TextReply, txt } from '../support/text-name-server.js';

const HOST = '_ss-verification.org_Ab3.acme.example';
const LOWER = HOST.toLowerCase();
const TEXT = '0123456789abcdef0123456789abcdef';
const ABSENT = { kind: 'absent', reason: 'no_text' };
let names: TextNameServer;
let others: TextNameServer;

beforeAll(async () => {
  names = await startTextNameServer();
  others = await startTextNameServer();
});
afterEach(() => {
  names.questions.length = 0;
  others.questions.length = 0;
});
afterAll(async () => {
  await names.stop();
  await others.stop();
});

function find(reply: TextReply, options: Partial<TextRecordsOptions> = {}, host = HOST) {
  names.answer(() => reply);
  const parts = { clock: systemClock, entropy: systemEntropy, nameServers: [names.address] };
  return createTextRecords({ ...parts, timeoutMs: 150, limitMs: 2_000, ...options }).find(host);
}

describe('answers', () => {
  test('case=one record', async () => {
    expect(await find({ records: [txt(HOST, TEXT)] })).toEqual({ kind: 'texts', texts: [TEXT] });
    expect(names.questions).toEqual([`udp ${HOST}`]);
  });

  test('case=pieces of one record are joined, records are not', async () => {
    const records = [txt(HOST, '0123', '4567', ''), txt(HOST, 'v=spf1 -all')];
    expect(await find({ records })).toEqual({ kind: 'texts', texts: ['01234567', 'v=spf1 -all'] });
  });

  test('case=aliases are followed', async () => {
    const records = [
      cname(HOST, 'a.proofs.example'),
      cname('A.proofs.example', 'b.proofs.example'),
      txt('B.PROOFS.example', TEXT),
    ];
    expect(await find({ records })).toEqual({ kind: 'texts', texts: [TEXT] });
  });

  test('case=letters of a name count as one in upper and lower case', async () => {
    const records = [txt(LOWER, TEXT)];
    expect(await find({ records, question: HOST.toUpperCase() })).toEqual({ kind: 'texts', texts: [TEXT] });
  });

  test.each<readonly [string, TextReply, object]>([
    ['no such name', { code: 3 }, { kind: 'absent', reason: 'no_such_name' }],
    ['no text', {}, ABSENT],
    ['an alias to nothing', { records: [cname(HOST, 'gone.example')] }, ABSENT],
    ['the servers fail', { code: 2 }, { kind: 'no_answer', reason: 'server_failure' }],
    ['the servers refuse', { code: 5 }, { kind: 'no_answer', reason: 'server_failure' }],
    ['silence', { silent: true }, { kind: 'no_answer', reason: 'timeout' }],
  ])('case=told apart: %s', async (_name, reply, answer) => {
    expect(await find(reply)).toEqual(answer);
  });

  test('case=a name that cannot be in DNS is not asked for', async () => {
    for (const host of [
      '',
      'acme..example',
      '.',
      'acme.example.',
      `${'a'.repeat(64)}.example`,
      'ä.example',
      `${'a.'.repeat(127)}aa`,
    ])
      expect(await find({ records: [txt(HOST, TEXT)] }, {}, host)).toEqual({ kind: 'absent', reason: 'no_such_name' });
    expect(names.questions).toEqual([]);
  });
});

describe('several servers, several tries', () => {
  test('case=the next server is asked where one fails or is silent', async () => {
    for (const reply of [{ code: 2 }, { silent: true }, { code: 5 }] as const) {
      others.answer(() => reply);
      const nameServers = [others.address, names.address];
      expect(await find({ records: [txt(HOST, TEXT)] }, { nameServers })).toEqual({ kind: 'texts', texts: [TEXT] });
    }
  });

  test('case=a server that says no is believed', async () => {
    others.answer(() => ({ code: 3 }));
    const nameServers = [others.address, names.address];
    expect(await find({ records: [txt(HOST, TEXT)] }, { nameServers })).toEqual({
      kind: 'absent',
      reason: 'no_such_name',
    });
    expect(names.questions).toEqual([]);
  });

  test('case=a lost question is asked again, with another id', async () => {
    let count = 0;
    names.answer(() => {
      count += 1;
      return count === 1 ? { silent: true } : { records: [txt(HOST, TEXT)] };
    });
    const parts = { clock: systemClock, entropy: systemEntropy, nameServers: [names.address], timeoutMs: 150 };
    expect(await createTextRecords(parts).find(HOST)).toEqual({ kind: 'texts', texts: [TEXT] });
    expect(names.questions).toHaveLength(2);
  });

  test('case=a server where nothing listens', async () => {
    const gone = await startTextNameServer();
    await gone.stop();
    expect(await find({}, { nameServers: [gone.address] })).toEqual({ kind: 'no_answer', reason: 'timeout' });
  });

  test('case=the whole time is bounded, however many servers there are', async () => {
    others.answer(() => ({ silent: true }));
    // Each look at this clock takes 400 ms; so the second question is the last.
    let nowMs = 0;
    const clock = {
      monotonicMs: () => {
        nowMs += 400;
        return nowMs;
      },
    };
    const nameServers = [others.address, others.address, others.address, names.address];
    const answer = await find({ records: [txt(HOST, TEXT)] }, { nameServers, clock, timeoutMs: 20, limitMs: 1_000 });
    expect(answer).toEqual({ kind: 'no_answer', reason: 'timeout' });
    expect(others.questions).toHaveLength(2);
  });

  test('case=three servers are asked, twice, and no fourth', async () => {
    others.answer(() => ({ code: 2 }));
    const nameServers = [others.address, others.address, others.address, names.address];
    const answer = await find({ records: [txt(HOST, TEXT)] }, { nameServers });
    expect(answer).toEqual({ kind: 'no_answer', reason: 'server_failure' });
    expect(others.questions).toHaveLength(6);
    expect(names.questions).toEqual([]);
  });
});

describe('attacks', () => {
  test.each<readonly [string, TextReply, object]>([
    // Node's own resolver gives each of these texts (docs/adr/0051).
    ['a record under another name', { records: [txt('evil.example', TEXT)] }, ABSENT],
    [
      'beside the true one',
      { records: [txt(HOST, 'mine'), txt('evil.example', TEXT)] },
      { kind: 'texts', texts: ['mine'] },
    ],
    ['under a name that no alias leads to', { records: [cname(HOST, 'a.example'), txt('b.example', TEXT)] }, ABSENT],
    ['under the domain itself', { records: [txt('acme.example', TEXT)] }, ABSENT],
    ['under a name below', { records: [txt(`deep.${HOST}`, TEXT)] }, ABSENT],
    // One label with a dot in it is not two labels.
    [
      'under a label with a dot in it',
      {
        records: [txt('x', TEXT)],
        spoil: (message) => {
          const label = HOST.replace('.', '.');
          const bytes = Buffer.concat([Buffer.from([label.length]), Buffer.from(label), Buffer.from([0])]);
          const at = message.indexOf(Buffer.from([1, 0x78, 0]));
          return Buffer.concat([message.subarray(0, at), bytes, message.subarray(at + 3)]);
        },
      },
      ABSENT,
    ],
    ['a loop of aliases', { records: [cname(HOST, 'a.example'), cname('a.example', HOST)] }, ABSENT],
  ])('case=an answer for another name: %s', async (_name, reply, answer) => {
    expect(await find(reply)).toEqual(answer);
  });

  test.each<readonly [string, TextReply]>([
    ['another question', { question: 'evil.example', records: [txt(HOST, 'false')] }],
    ['another id', { id: 0, records: [txt(HOST, 'false')] }],
    ['a question in place of an answer', { records: [txt(HOST, 'false')], spoil: (m) => Buffer.from(m).fill(1, 2, 3) }],
    ['a few bytes', { spoil: (message) => message.subarray(0, 5) }],
  ])('case=a stranger is faster: %s', async (_name, before) => {
    // The answer of the stranger comes first, from the server's own address.
    const entropy = { bytes: () => Buffer.from([0x12, 0x34]) };
    const answer = await find({ before, records: [txt(HOST, TEXT)] }, { entropy });
    expect(answer).toEqual({ kind: 'texts', texts: [TEXT] });
  });

  test.each<readonly [string, (message: Buffer) => Buffer]>([
    ['a record that is longer than the message', (message) => message.subarray(0, message.length - 3)],
    ['more records than there are', (message) => Buffer.from(message).fill(0xff, 6, 8)],
    [
      'a pointer to itself',
      (message) =>
        Buffer.concat([
          message.subarray(0, 12 + HOST.length + 6),
          Buffer.from([0xc0, 12 + HOST.length + 6]),
          Buffer.alloc(20),
        ]),
    ],
    [
      'a piece that is longer than its record',
      (message) => Buffer.from(message).fill(0xff, message.length - TEXT.length - 1, message.length - TEXT.length),
    ],
    [
      'a label of an unknown kind',
      (message) => Buffer.from(message).fill(0x80, 12 + HOST.length + 6, 12 + HOST.length + 7),
    ],
  ])('case=a message that cannot be read: %s', async (_name, spoil) => {
    const answer = await find({ records: [txt(HOST, TEXT)], spoil });
    expect(answer).toEqual({ kind: 'no_answer', reason: 'server_failure' });
  });

  test('case=an answer that does not fit is asked for over TCP', async () => {
    const answer = await find({ cut: true, records: [txt(HOST, TEXT)] });
    expect(answer).toEqual({ kind: 'texts', texts: [TEXT] });
    expect(names.questions).toEqual([`udp ${HOST}`, `tcp ${HOST}`]);
  });

  test('case=64 kB: not read', async () => {
    const records = Array.from({ length: 240 }, () => txt(HOST, 'x'.repeat(200)));
    let sent = 0;
    const raw: TextReply['raw'] = (message, socket) => {
      socket.write(Buffer.from([0xff, 0xff]));
      sent = message.length;
    };
    // The length alone is enough: the rest never comes.
    expect(await find({ cut: true, records, raw }, { timeoutMs: 1_000 })).toEqual({
      kind: 'no_answer',
      reason: 'too_much',
    });
    expect(sent).toBeGreaterThan(16_384);
  });

  test.each([
    ['a few too many, over TCP', MOST_TEXTS + 1, true],
    ['a few too many, over UDP', MOST_TEXTS + 1, false],
    ['thousands, over TCP', 2_000, true],
    ['thousands, over UDP', 2_000, false],
  ])('case=records without number: %s', async (_name, count, cut) => {
    const records = Array.from({ length: count }, (_none, index) => txt('a.example', `${index}`));
    const reply = { ...(cut && { cut }), records: [...records, txt('a.example', TEXT)] };
    const answer = await find(reply, {}, 'a.example');
    expect(answer).toEqual({ kind: 'no_answer', reason: 'too_much' });
  });

  test('case=few records, but 20 kB of them, over UDP', async () => {
    const records = Array.from({ length: MOST_TEXTS - 20 }, () => txt(HOST, 'x'.repeat(250)));
    const answer = await find({ records: [...records, txt(HOST, TEXT)] });
    expect(answer).toEqual({ kind: 'no_answer', reason: 'too_much' });
  });

  test('case=many, but not too many', async () => {
    const records = Array.from({ length: MOST_TEXTS - 1 }, (_none, index) => txt(HOST, `${index}`));
    const answer = await find({ cut: true, records: [...records, txt(HOST, TEXT)] });
    expect(answer).toMatchObject({ kind: 'texts', texts: expect.arrayContaining([TEXT]) });
  });

  test('case=a byte now and then is a silent server', async () => {
    const timers: NodeJS.Timeout[] = [];
    const raw: TextReply['raw'] = (message, socket) => {
      const length = Buffer.from([message.length >> 8, message.length & 0xff]);
      socket.write(length);
      let at = 0;
      timers.push(
        setInterval(() => {
          socket.write(message.subarray(at, at + 1));
          at += 1;
        }, 20),
      );
    };
    expect(await find({ cut: true, records: [txt(HOST, TEXT)], raw })).toEqual({
      kind: 'no_answer',
      reason: 'timeout',
    });
    for (const timer of timers) clearInterval(timer);
  });

  test('case=a server that hangs up', async () => {
    const raw: TextReply['raw'] = (_message, socket) => socket.end();
    const answer = await find({ cut: true, records: [txt(HOST, TEXT)], raw });
    expect(answer).toEqual({ kind: 'no_answer', reason: 'server_failure' });
  });
});

test.each([
  ['10.0.0.2', { host: '10.0.0.2', port: 53 }],
  ['10.0.0.2:5353', { host: '10.0.0.2', port: 5353 }],
  ['fd00::2', { host: 'fd00::2', port: 53 }],
  ['[fd00::2]', { host: 'fd00::2', port: 53 }],
  ['[fd00::2]:5353', { host: 'fd00::2', port: 5353 }],
])('case=a name server: %s', (text, server) => {
  expect(parseServer(text)).toEqual(server);
});
