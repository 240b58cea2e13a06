/**
 * An authenticator app that others wrote: `zbarimg` (zbar-tools) reads the picture on the page; `oathtool` and pyotp
 * compute the codes, and must agree. Holds one secret of a judge's run.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page as Tab } from 'playwright-core';
import { installPyotp } from './client-packages.js';

const STEP_MS = 30_000;

const stepNow = () => Math.floor(Date.now() / STEP_MS);

/** Computes a code of six digits for the time in seconds. */
export function oathtool(secret: string, seconds: number): string {
  return execFileSync('oathtool', ['--totp', '--base32', '--now', `@${seconds}`, secret], { encoding: 'utf8' }).trim();
}

/** Computes a code of the address of a QR code, as pyotp reads it, for the time in seconds. */
async function pyotp(address: string, seconds: number): Promise<string> {
  const code = 'import sys, pyotp; print(pyotp.parse_uri(sys.argv[1]).at(int(sys.argv[2])))';
  return execFileSync(await installPyotp(), ['-c', code, address, String(seconds)], { encoding: 'utf8' }).trim();
}

export class AuthenticatorApp {
  private last = 0;

  private constructor(
    private readonly address: string,
    private readonly secret: string,
  ) {}

  /** Takes the address of a QR code as an app does: algorithm, digits and period have to be those that all apps know. */
  static of(address: string): AuthenticatorApp {
    const url = new URL(address);
    assert.equal(`${url.protocol}//${url.host}`, 'otpauth://totp', address);
    const { secret, issuer, ...rest } = Object.fromEntries(url.searchParams);
    assert.match(secret ?? '', /^[A-Z2-7]{32}$/);
    assert.ok(
      decodeURIComponent(url.pathname).startsWith(`/${issuer}:`),
      `the label begins with the issuer: ${address}`,
    );
    assert.deepEqual(rest, { algorithm: 'SHA1', digits: '6', period: '30' });
    return new AuthenticatorApp(address, secret ?? '');
  }

  /** Reads the QR code on the page from its picture. */
  static async scan(tab: Tab): Promise<AuthenticatorApp> {
    const folder = mkdtempSync(join(tmpdir(), 'vestibule-qr-'));
    try {
      const file = join(folder, 'qr.png');
      writeFileSync(file, await tab.locator('svg.qr').screenshot());
      const read = execFileSync('zbarimg', ['--raw', '--quiet', '-Sdisable', '-Sqrcode.enable', file], {
        encoding: 'utf8',
      });
      return AuthenticatorApp.of(read.trim());
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  /** The next code that was not used yet. Waits where the server would not accept one so early. */
  async code(): Promise<string> {
    this.last = Math.max(stepNow(), this.last + 1);
    while (this.last > stepNow() + 1) await new Promise((done) => setTimeout(done, 500));
    const seconds = (this.last * STEP_MS) / 1000;
    const code = await pyotp(this.address, seconds);
    assert.equal(oathtool(this.secret, seconds), code);
    return code;
  }
}

/** RFC 6238, appendix B (SHA-1), its last six digits: the program computes what the standard says. */
export const RFC_6238: readonly (readonly [number, string])[] = [
  [59, '287082'],
  [1111111109, '081804'],
  [1111111111, '050471'],
  [1234567890, '005924'],
  [2000000000, '279037'],
];
