-- Wrong passwords take as long as the costliest hash that is stored: which kinds and costs there are is looked up among those that
-- were imported, and not among all.
create index password_credentials_imported on password_credentials
  ((substring(hash from '^(\$2[aby]\$\d\d\$|\$argon2id\$v=\d+\$[^$]+\$)')))
  where hash not like '$argon2id$v=19$m=19456,t=2,p=1$%';
