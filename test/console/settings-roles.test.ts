/** Every part of the settings as a viewer and as support see it: the facts, the reason why nothing can be changed, and no action that the server would refuse. */
import { describe, expect, test } from 'vitest';
import { noChromium } from '../support/chromium.js';
import type { ConsoleTab } from '../support/console.js';
import { useConsole } from '../support/console-stage.js';
import { THEME } from '../support/themes.js';

/** By address: what one reads there, and the fields that are questions and no settings. */
const PARTS: Readonly<Record<string, { readonly reads: string; readonly asks?: readonly string[] }>> = {
  '/settings': { reads: 'Your role can view these settings' },
  '/settings/mail': { reads: 'Your role can view these settings' },
  '/settings/languages': { reads: 'Your role can view these settings', asks: ['Page', 'Language'] },
  '/settings/look': { reads: 'Your role can view these settings' },
  '/settings/theme': { reads: 'Your role can view the theme’s settings' },
  '/settings/keys': { reads: 'Your role can view the keys' },
  '/settings/limits': { reads: 'Your role can view these settings', asks: ['IP address'] },
  '/settings/second-factors': { reads: 'Your role can view these settings' },
  '/settings/operators': { reads: 'Your role can view the operators' },
  '/settings/streams': { reads: 'Your role can view the streams' },
};
/** Open what is shown, and change nothing. */
const HARMLESS = /^(Colours|Corners and borders|Letters|Sizes|Fonts|Page|Card|Check|Copy|Show|Toggle|Try again)/;

/** Controls of the page that could be used, by their names. */
async function listOpen({ tab }: ConsoleTab): Promise<readonly string[]> {
  return tab.locator('main').evaluate((main) => {
    const controls = main.querySelectorAll<HTMLElement>('input, select, textarea, button');
    const open = Array.from(controls).filter(
      (one) => !one.matches(':disabled, [readonly], [type="hidden"], [aria-expanded]'),
    );
    const shown = open.filter((one) => one.offsetParent !== null);
    return shown.map((one) => {
      const label = (one as HTMLInputElement).labels?.[0]?.textContent;
      return (one.getAttribute('aria-label') ?? label ?? one.textContent ?? '').replace(/\s*\*$/, '').trim();
    });
  });
}

describe.skipIf(noChromium())('in Chromium', () => {
  const stage = useConsole('/settings');

  test.each(['viewer', 'support'] as const)('%s', { timeout: 180_000 }, async (role) => {
    const { api } = stage.instance;
    if (role === 'viewer') {
      await api('POST', '/emails/provider', {
        name: 'smtp',
        credentials: { smtp_host: 'mail.notebook.example', smtp_user: 'notebook', smtp_pass: 'Sesame-9' },
      });
      await api('POST', '/branding/themes', THEME);
      await api('POST', '/log-streams', {
        name: 'Watch',
        type: 'http',
        sink: { httpEndpoint: 'https://w.example/in' },
      });
      await api('PATCH', '/attack-protection/brute-force-protection', { allowlist: ['10.0.0.0/8'] });
    }
    const who = await stage.as(role, '/settings');
    const refused: string[] = [];
    who.tab.on('response', (answer) => {
      if (answer.status() === 403) refused.push(answer.url());
    });
    for (const [path, { reads, asks = [] }] of Object.entries(PARTS)) {
      await who.open(path, 'Settings');
      await who.tab.getByText(reads).first().waitFor();
      await expect.poll(() => who.tab.locator('main [aria-busy]').count()).toBe(0);
      const open = (await listOpen(who)).filter((name) => !HARMLESS.test(name) && !asks.includes(name));
      expect(open, path).toEqual([]);
      if (role === 'viewer') await who.look(`settings-viewer${path.replace('/settings', '').replace('/', '-')}`);
    }
    expect(refused).toEqual([]);
    expect(who.complaints).toEqual([]);
    await who.close();
  });

  test('a viewer reads what the environment sets, and no secret of it; the log says how long it is kept', async () => {
    const vera = await stage.as('viewer', '/settings');
    const { tab } = vera;
    await tab.getByRole('heading', { name: 'Settings from the server’s environment' }).waitFor();
    await tab.getByText('90 days').waitFor();
    await expect(tab.getByText('127.0.0.0/8, ::1').count()).resolves.toBe(2);
    await tab.getByText('OTEL_EXPORTER_OTLP_ENDPOINT').waitFor();
    expect(await tab.locator('main').textContent()).not.toContain(Buffer.alloc(32, 7).toString('base64'));
    await vera.open('/log', 'Refusals and log');
    await tab.getByText('Log entries are kept for 90 days').waitFor();
    await vera.open('/settings/streams', 'Settings');
    await tab.getByText('Log entries are kept for 90 days').waitFor();
    expect(vera.complaints).toEqual([]);
    await vera.close();
  });
});
