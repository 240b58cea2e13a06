-- True for a password that a link set, until a login with it has passed another factor than a mail: whoever reads the mailbox may have set it.
-- Of the passwords of before nobody knows, so they count as such until then.
alter table password_credentials add column set_by_link boolean not null default true;
alter table password_credentials alter column set_by_link set default false;
