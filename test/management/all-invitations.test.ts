/** `GET /invitations`, our addition: who was invited anywhere and has not come yet, without the links. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cast, createCast, type Management, startManagement } from './harness.js';

let api: Management;
let cast: Cast;
let other: string;
beforeAll(async () => {
  api = await startManagement();
  cast = await createCast(api);
  other = (await api.post('/organizations', { name: 'other', display_name: 'The other' })).body.id;
});
afterAll(() => api.close());

const invite = async (organization: string, email: string, days: number) =>
  (
    await api.post(`/organizations/${organization}/invitations`, {
      inviter: { name: 'Dana' },
      invitee: { email },
      client_id: cast.client,
      ttl_sec: days * 86_400,
    })
  ).body;

const invitees = (items: readonly { invitee: { email: string } }[]) =>
  items.map(({ invitee }) => invitee.email.split('@')[0]);

describe('GET /invitations', () => {
  beforeAll(async () => {
    for (const [organization, name, days] of [
      [cast.organization, 'long', 20],
      [other, 'short', 2],
      [cast.organization, 'shortest', 1],
      [other, 'middle', 9],
    ] as const) {
      await invite(organization, `${name}@invited.example`, days);
      api.advance(60);
    }
  });

  test('gives all of them, the newest first, with the names of their organizations', async () => {
    const { status, body } = await api.get('/invitations');
    expect(status).toBe(200);
    expect(invitees(body)).toEqual(['middle', 'shortest', 'short', 'long']);
    expect(body[0]).toMatchObject({
      organization_id: other,
      organization: { name: 'other', display_name: 'The other' },
      inviter: { name: 'Dana' },
      client_id: cast.client,
    });
  });

  test('names the connection of an invitation that has one', async () => {
    const connection = cast.oidcConnection;
    const made = await api.post(`/organizations/${cast.organization}/invitations`, {
      inviter: { name: 'Dana' },
      invitee: { email: 'bound@invited.example' },
      client_id: cast.client,
      connection_id: connection,
      ttl_sec: 90 * 3_600,
    });
    expect(made.status).toBe(201);
    const { body } = await api.get('/invitations?starts_with=bound');
    expect(body).toMatchObject([{ id: made.body.id, connection_id: connection }]);
    await api.delete(`/organizations/${cast.organization}/invitations/${made.body.id}`);
  });

  test('gives those that wait by their end, and those that ended by theirs, page by page', async () => {
    const first = (await api.get('/invitations?state=waiting&take=3')).body;
    expect(invitees(first.invitations)).toEqual(['shortest', 'short', 'middle']);
    const rest = (await api.get(`/invitations?state=waiting&take=3&from=${first.next}`)).body;
    expect(invitees(rest.invitations)).toEqual(['long']);
    expect(rest.next).toBeUndefined();
    expect((await api.get('/invitations?state=expired')).body).toEqual([]);
    api.advance(3 * 86_400);
    const ended = (await api.get('/invitations?state=expired&include_totals=true&per_page=1')).body;
    expect(ended).toMatchObject({ total: 2, limit: 1 });
    expect(invitees(ended.invitations)).toEqual(['short']);
    expect(invitees((await api.get('/invitations?state=waiting')).body)).toEqual(['middle', 'long']);
  });

  test('attack=taking-an-invitation-from-the-list: it shows no link and no ticket', async () => {
    const { body: made } = await api.get(`/organizations/${other}/invitations`);
    const text = JSON.stringify((await api.get('/invitations')).body);
    expect(made.length).toBe(2);
    for (const { ticket_id } of made) expect(text).not.toContain(ticket_id);
    expect(text).not.toContain('invitation_url');
  });

  test('leaves out those that were accepted, and those of the operators', async () => {
    const { pool } = api.database;
    const { id } = await invite(other, 'accepted@invited.example', 20);
    await pool.query('update invitations set consumed_at = now() where id = $1', [id]);
    const operators = (await pool.query('select organization_id from operators')).rows[0].organization_id;
    expect((await invite(operators, 'operator@invited.example', 20)).organization_id).toBe(operators);
    expect(invitees((await api.get('/invitations')).body)).toEqual(['middle', 'shortest', 'short', 'long']);
  });

  test('a state that is none, and a cursor that is none, are 400', async () => {
    expect((await api.get('/invitations?state=sent')).status).toBe(400);
    expect((await api.get('/invitations?take=1&from=nothing')).status).toBe(400);
  });
});
