/** Actions of customers' administrators in the model: the organization and the member who acts, and what they name. */

export interface Asked {
  readonly organization: number;
  readonly actor: number;
}

export interface OwnInvite extends Asked {
  readonly email: string;
  readonly connection: number | undefined;
  readonly roles: readonly string[];
}

export interface OwnRole extends Asked {
  readonly user: number;
  readonly role: 'editor' | 'auditor';
}

export interface OwnDomain extends Asked {
  readonly domain: string;
}

export interface OwnProvider extends Asked {
  readonly idp: number;
}

export interface OwnConnection extends Asked {
  readonly connection: number;
}
