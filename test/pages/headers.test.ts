/** The policy of the pages: each header that stops an attack is there, and nothing is allowed that is not needed. */
import { describe, expect, it } from 'vitest';
import { headersFor, pageHeaders } from '../../src/http/pages/views/headers.js';
import { ACME, PAGE_SAMPLES } from '../support/page-samples.js';

const policyOf = (headers: Readonly<Record<string, string>>): Map<string, string> =>
  new Map(
    String(headers['content-security-policy'])
      .split('; ')
      .map((directive) => [directive.split(' ')[0] ?? '', directive.split(' ').slice(1).join(' ')]),
  );

describe.each(PAGE_SAMPLES)('$name', ({ page }) => {
  const headers = headersFor(page, 'n0nce');
  const policy = policyOf(headers);

  it('allows no script and no style without the nonce, nothing from elsewhere, no frame, no base', () => {
    expect(policy.get('default-src')).toBe("'none'");
    expect(policy.get('script-src')).toBe("'nonce-n0nce'");
    expect(policy.get('style-src')).toBe("'nonce-n0nce'");
    expect(policy.get('base-uri')).toBe("'none'");
  });

  it('stops clickjacking, leaks by referrer and cache, and guessing of types', () => {
    expect(policy.get('frame-ancestors')).toBe("'none'");
    expect(headers).toMatchObject({
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
  });
});

describe('pictures', () => {
  it('are allowed only where there is a logo', () => {
    const page = { page: 'signed-out', brand: ACME } as const;
    expect(policyOf(headersFor(page, 'n')).has('img-src')).toBe(false);
    const withLogo = (logoUrl: string) => ({ ...page, brand: { ...ACME, logoUrl } });
    expect(policyOf(headersFor(withLogo('https://cdn.example/l.svg'), 'n')).get('img-src')).toBe('https://cdn.example');
    expect(policyOf(headersFor(withLogo('http://localhost:81/l.svg'), 'n')).get('img-src')).toBe('http://localhost:81');
    const look = { logoUrl: 'https://cdn.example/l.svg', faviconUrl: 'https://icons.example/f.ico' };
    expect(policyOf(headersFor({ ...page, brand: { ...ACME, ...look } }, 'n')).get('img-src')).toBe(
      'https://cdn.example https://icons.example',
    );
    expect(policyOf(headersFor(withLogo('http://x.example/; script-src *'), 'n')).has('img-src')).toBe(false);
  });
});

describe('where forms may lead', () => {
  it('stays on this server for pages that are answered here', () => {
    for (const name of ['forgot-password-empty', 'reset-password-empty']) {
      const page = PAGE_SAMPLES.find((sample) => sample.name === name)?.page;
      if (!page) throw new Error(name);
      expect(policyOf(headersFor(page, 'n')).get('form-action')).toBe("'self'");
    }
  });

  it('is not limited where the answer is a redirect to the IdP or the application', () => {
    for (const name of ['identifier-empty', 'password-empty', 'form-post']) {
      const page = PAGE_SAMPLES.find((sample) => sample.name === name)?.page;
      if (!page) throw new Error(name);
      expect(policyOf(headersFor(page, 'n')).has('form-action')).toBe(false);
    }
  });

  it('takes origins', () => {
    const policy = policyOf(pageHeaders('n', { formAction: ['https://idp.example'] }));
    expect(policy.get('form-action')).toBe("'self' https://idp.example");
  });
});
