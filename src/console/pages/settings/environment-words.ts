/** The environment variables in an operator's words, by subject. A test compares the names with the server's. */

export interface VariableWords {
  readonly name: string;
  readonly label: string;
  /** Unit shown after a number. */
  readonly unit?: string;
}

export interface VariableGroup {
  readonly title: string;
  readonly variables: readonly VariableWords[];
}

const [SECONDS, DAYS] = [' seconds', ' days'];

export const VARIABLE_GROUPS: readonly VariableGroup[] = [
  {
    title: 'Log',
    variables: [
      { name: 'VESTIBULE_LOG_RETENTION_DAYS', label: 'Lines are kept', unit: DAYS },
      { name: 'VESTIBULE_LOG_LINES_PER_MINUTE', label: 'Refusals of strangers at one machine', unit: ' a minute' },
      { name: 'VESTIBULE_LOG_LEVEL', label: 'The server’s own log tells' },
    ],
  },
  {
    title: 'Mail',
    variables: [
      { name: 'SMTP_URL', label: 'Mail server' },
      { name: 'MAIL_FROM', label: 'Sender' },
    ],
  },
  {
    title: 'Address and network',
    variables: [
      { name: 'VESTIBULE_URL', label: 'Public address' },
      { name: 'HOST', label: 'Listens on' },
      { name: 'PORT', label: 'Port' },
      { name: 'VESTIBULE_TLS_CERT', label: 'Certificate of its own' },
      { name: 'VESTIBULE_TLS_KEY', label: 'Key of that certificate' },
      { name: 'VESTIBULE_TRUST_PROXY', label: 'Proxies that are believed' },
      { name: 'VESTIBULE_OUTBOUND_ALLOW', label: 'Private networks that may be called' },
      { name: 'VESTIBULE_DNS_SERVERS', label: 'Name servers for domain proofs' },
      { name: 'NODE_EXTRA_CA_CERTS', label: 'Authorities beside the usual ones' },
      { name: 'VESTIBULE_METRICS_PORT', label: 'Port of the metrics' },
    ],
  },
  {
    title: 'Limits',
    variables: [
      { name: 'VESTIBULE_RATE_LIMIT_MANAGEMENT', label: 'Calls of the Management API', unit: ' a second' },
      { name: 'VESTIBULE_RATE_LIMIT_TOKEN', label: 'Requests for tokens', unit: ' a second' },
      { name: 'VESTIBULE_RATE_LIMIT_AUTHORIZE', label: 'Sign-ins that begin', unit: ' a second' },
      { name: 'VESTIBULE_MAX_CONNECTIONS', label: 'Connections at once' },
      { name: 'VESTIBULE_REQUEST_TIMEOUT', label: 'A request may take', unit: SECONDS },
      { name: 'VESTIBULE_IDLE_TIMEOUT', label: 'An idle connection stays', unit: SECONDS },
    ],
  },
  {
    title: 'Actions',
    variables: [
      { name: 'VESTIBULE_ACTIONS_TIMEOUT', label: 'Those of one trigger may take', unit: SECONDS },
      { name: 'VESTIBULE_ACTIONS_PROCESSES', label: 'Processes at once' },
    ],
  },
  {
    title: 'Database and keys',
    variables: [
      { name: 'DATABASE_URL', label: 'Database of its own (else the bundled one)' },
      { name: 'VESTIBULE_DATABASE_CONNECTIONS', label: 'Connections of this node' },
      { name: 'VESTIBULE_DATABASE_WAIT', label: 'A request waits for one', unit: SECONDS },
      { name: 'VESTIBULE_DATABASE_LOCK_TIMEOUT', label: 'A statement waits for a row', unit: SECONDS },
      { name: 'VESTIBULE_DATABASE_POOLER', label: 'Pooler' },
      { name: 'VESTIBULE_DATA_DIR', label: 'Directory of the data' },
      { name: 'VESTIBULE_SECRET_KEY', label: 'Secret key' },
      { name: 'VESTIBULE_SECRET_KEY_FORMER', label: 'Secret keys of before' },
      { name: 'VESTIBULE_MANAGEMENT_CLIENT_ID', label: 'Machine client' },
      { name: 'VESTIBULE_MANAGEMENT_CLIENT_SECRET', label: 'Its secret' },
    ],
  },
  {
    title: 'Stopping',
    variables: [
      { name: 'VESTIBULE_SHUTDOWN_GRACE', label: 'Ends after', unit: SECONDS },
      { name: 'VESTIBULE_SHUTDOWN_DELAY', label: 'Its port stays open', unit: SECONDS },
    ],
  },
];
