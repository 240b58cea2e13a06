/**
 * The contract of every login store (src/ports/login-store.ts), in three parts: behaviour (reads, and writes that land exactly as
 * planned), transactions (ground that moved is named, and then nothing is written), concurrency. A store's own test file
 * gives a rig and gets these tests.
 */
import { afterAll, beforeAll, describe } from 'vitest';
import { describeActionWrites } from './login-store-actions.js';
import { describeConcurrency } from './login-store-concurrency.js';
import { describeFactors } from './login-store-factors.js';
import { describeReads } from './login-store-reads.js';
import { describeTransactions } from './login-store-transactions.js';
import type { LoginStoreRig } from './login-store-world.js';
import { describeWrites } from './login-store-writes.js';

/** Runs the contract; `start` is called once, before the first test. */
export function describeLoginStore(name: string, start: () => Promise<LoginStoreRig>): void {
  describe(`${name}: the contract of the login store`, () => {
    let rig: LoginStoreRig;
    beforeAll(async () => {
      rig = await start();
    });
    afterAll(() => rig?.stop());
    describe('reads', () => describeReads(() => rig));
    describe('writes', () => describeWrites(() => rig));
    describe('what Actions ask for', () => describeActionWrites(() => rig));
    describe('second factors', () => describeFactors(() => rig));
    describe('transactions', () => describeTransactions(() => rig));
    describe('concurrency', () => describeConcurrency(() => rig));
  });
}
