/** The settings by hand of the console: what is saved is what the API has afterwards; two operators; what a viewer may not. */
import { describe, expect, test } from 'vitest';
import { LANGUAGES as OFFERED, PROMPT_KEYS } from '../../src/console/pages/settings/prompt-keys.js';
import { TEXT_PLACES } from '../../src/domain/look/custom-text.js';
import { LANGUAGES } from '../../src/domain/look/languages.js';
import { noChromium } from '../support/chromium.js';
import { useConsole } from '../support/console-stage.js';
import type { Json } from '../support/instance.js';

test('the languages and the texts that can be replaced are those of the pages', () => {
  const keysOf = (prompt: string) =>
    TEXT_PLACES.filter((place) => place.prompt === prompt).map(({ screen, key }) => `${screen}/${key}`);
  const prompts = new Set(TEXT_PLACES.map(({ prompt }) => prompt));
  expect(PROMPT_KEYS).toEqual(Object.fromEntries([...prompts].map((prompt) => [prompt, [...new Set(keysOf(prompt))]])));
  expect(OFFERED.map(({ tag }) => tag)).toEqual(LANGUAGES);
});

describe.skipIf(noChromium())('in Chromium', () => {
  const stage = useConsole('/settings');

  const settings = () => stage.instance.api<Json>('GET', '/tenants/settings');
  const save = async () => {
    await stage.olga.tab.getByRole('button', { name: 'Save', exact: true }).first().click();
    await stage.olga.tab.getByText('Saved', { exact: true }).first().waitFor();
  };

  test('general: a field is saved, and the others stay as they are', async () => {
    const { tab } = stage.olga;
    await tab.getByLabel('Name').fill('Notebook');
    await save();
    expect((await settings()).friendly_name).toBe('Notebook');
    await tab.getByLabel('Before Actions, like Auth0').click();
    await stage.olga.look('settings-general');
    await tab.getByRole('button', { name: 'Discard' }).click();
    expect(await tab.getByLabel('After Actions').isChecked()).toBe(true);
  });

  test('general: what another operator changed meanwhile is compared before it is overwritten', async () => {
    const { tab } = stage.olga;
    await stage.instance.api('PATCH', '/tenants/settings', {
      friendly_name: 'Notebook of others',
      session_lifetime: 100,
    });
    await tab.getByLabel('Name').fill('Notebook of Olga');
    await tab.getByRole('button', { name: 'Save', exact: true }).click();
    await tab.getByText('Somebody else changed this meanwhile').waitFor();
    expect((await settings()).friendly_name).toBe('Notebook of others');
    await stage.olga.look('settings-clash');
    await tab.getByRole('button', { name: 'Overwrite with my values' }).click();
    await tab.getByText('Saved', { exact: true }).waitFor();
    const now = await settings();
    expect([now.friendly_name, now.session_lifetime]).toEqual(['Notebook of Olga', 100]);
  });

  test('general: a refusal is told at its field, and what was typed stays', async () => {
    const { tab } = stage.olga;
    await tab.getByLabel('Idle session timeout').fill('200');
    await tab.getByRole('button', { name: 'Save', exact: true }).click();
    await tab.getByText('The idle time cannot be longer than the total time.').first().waitFor();
    expect(await tab.getByLabel('Idle session timeout').inputValue()).toBe('200 hours');
    await tab.getByRole('button', { name: 'Discard' }).click();
  });

  test('mail: the server of the tenant’s own; its password is never shown', async () => {
    await stage.olga.open('/settings/mail', 'Settings');
    const { tab } = stage.olga;
    await tab.getByLabel('Sender').fill('Notebook <hello@notebook.example>');
    await tab.getByLabel('Host').fill('mail.notebook.example');
    await tab.getByLabel('User', { exact: true }).fill('notebook');
    await tab.getByRole('textbox', { name: 'Password' }).fill('Sesame-opens-9');
    await tab.getByRole('button', { name: 'Save', exact: true }).click();
    await tab.getByRole('button', { name: 'Remove mail server' }).waitFor();
    expect(await stage.instance.api('GET', '/emails/provider?fields=credentials')).toMatchObject({
      credentials: { smtp_host: 'mail.notebook.example', smtp_user: 'notebook' },
    });
    await stage.olga.open('/settings/mail', 'Settings');
    await tab.getByLabel('Host').waitFor();
    expect(await tab.content()).not.toContain('Sesame');
    await stage.olga.look('settings-mail');
    await tab.getByRole('button', { name: 'Remove mail server' }).click();
    await tab.getByRole('dialog').getByRole('button', { name: 'Remove mail server' }).click();
    await tab.getByText('Email is not sent yet').waitFor();
  });

  test('the tabs fit into one row on a screen of 1280 pixels', async () => {
    const { tab } = stage.olga;
    await tab.setViewportSize({ width: 1_280, height: 800 });
    const tops = await tab
      .getByRole('navigation', { name: 'Sections of the settings' })
      .getByRole('link')
      .evaluateAll((links) => links.map((link) => link.getBoundingClientRect().top));
    expect([tops.length, new Set(tops).size]).toEqual([11, 1]);
    await stage.olga.look('settings-1280');
  });

  test('languages and texts: pages speak them at once', async () => {
    await stage.olga.open('/settings/languages', 'Settings');
    const { tab } = stage.olga;
    await tab.getByLabel('German').check();
    await save();
    expect((await settings()).enabled_locales).toEqual(['en', 'de']);
    await tab.getByRole('textbox', { name: 'Title', exact: true }).fill('Welcome to the notebook');
    await stage.olga.look('settings-languages');
    const written = tab.waitForResponse((answer) => answer.request().method() === 'PUT');
    await tab.getByRole('button', { name: 'Save', exact: true }).last().click();
    expect((await written).status()).toBe(200);
    expect(await stage.instance.api('GET', '/prompts/login-id/custom-text/en')).toEqual({
      'login-id': { title: 'Welcome to the notebook' },
    });
  });

  test('look: a colour is saved, and its contrast told', async () => {
    await stage.olga.open('/settings/look', 'Settings');
    const { tab } = stage.olga;
    await tab.getByLabel('Primary colour').fill('#facc15');
    await tab.getByText('which is too low').waitFor();
    await tab.getByRole('heading', { level: 1 }).click();
    await save();
    await stage.olga.look('settings-look');
    expect(await stage.instance.api('GET', '/branding')).toMatchObject({ colors: { primary: '#facc15' } });
  });

  test('signing keys: rotate, and the new one waits', async () => {
    await stage.olga.open('/settings/keys', 'Settings');
    const { tab } = stage.olga;
    await tab.getByRole('button', { name: 'Rotate keys' }).click();
    await tab.getByRole('dialog').getByRole('button', { name: 'Rotate keys' }).click();
    await tab.getByText('next', { exact: true }).waitFor();
    await stage.olga.look('settings-keys');
    expect(await stage.instance.api<Json[]>('GET', '/keys/signing')).toHaveLength(2);
  });

  test('operators: invite by role, withdraw; the last owner stays', async () => {
    await stage.olga.open('/settings/operators', 'Settings');
    const { tab } = stage.olga;
    await tab.getByRole('textbox', { name: 'Email address', exact: true }).fill('sam@vestibule.example');
    await tab.getByRole('button', { name: 'Invite operator' }).click();
    await tab.getByText('The invitation was sent to sam@vestibule.example.').waitFor();
    await stage.olga.look('settings-operators');
    await tab.getByRole('button', { name: 'Revoke invitation' }).click();
    await tab.getByRole('dialog').getByRole('button', { name: 'Revoke invitation' }).click();
    await tab.getByText('No pending invitations.').waitFor();
    await tab.getByRole('button', { name: 'Remove operator' }).click();
    await tab.getByRole('dialog').getByRole('button', { name: 'Remove operator' }).click();
    await tab.getByRole('dialog').getByRole('alert').waitFor();
    await stage.olga.look('settings-last-owner');
    await tab.getByRole('button', { name: 'Cancel' }).click();
  });

  test('log streams: made, paused, deleted', async () => {
    await stage.olga.open('/settings/streams', 'Settings');
    const { tab } = stage.olga;
    await tab.getByLabel('Name').fill('Collector');
    await tab.getByRole('textbox', { name: 'Address', exact: true }).fill('https://collector.example/vestibule');
    await tab.getByRole('button', { name: 'Create log stream' }).click();
    await tab.getByText('Copy the secret of this stream').waitFor();
    await stage.olga.look('settings-streams');
    for (const verb of ['Pause stream', 'Delete stream']) {
      await tab.getByRole('button', { name: verb }).click();
      await tab.getByRole('dialog').getByRole('button', { name: verb }).click();
      await tab.getByRole('dialog').waitFor({ state: 'hidden' });
    }
    await tab.getByText('There are no log streams yet.').waitFor();
  });

  test('at 1280 pixels each part is in sight, without a bar to scroll by', async () => {
    const { tab } = stage.olga;
    await tab.setViewportSize({ width: 1280, height: 800 });
    await stage.olga.open('/settings', 'Settings');
    const parts = tab.getByRole('navigation', { name: 'Sections of the settings' });
    expect(await parts.evaluate((row) => row.scrollWidth - row.clientWidth)).toBeLessThanOrEqual(0);
    for (const link of await parts.getByRole('link').all()) {
      const box = await link.boundingBox();
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(1280);
    }
    await tab.setViewportSize({ width: 1440, height: 900 });
  });

  test('API reference: an operation is found by its words, and the address holds the search', async () => {
    await stage.olga.open('/settings/api', 'API reference');
    const { tab } = stage.olga;
    await tab.getByLabel('Find an operation').fill('invitation');
    await tab.getByRole('button', { name: /POST\s*\/organizations\/\{id\}\/invitations/ }).click();
    await tab.getByText('create:organization_invitations').first().waitFor();
    expect(tab.url()).toContain('find=invitation');
    await stage.olga.look('settings-api');
  });
});
