/**
 * Labels of the server's environment variables for operators, grouped by subject. A test compares the names with the
 * variables that the server reads.
 */

export interface VariableWords {
  readonly name: string;
  readonly label: string;
  /** The unit that is shown after a number. */
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
      { name: 'VESTIBULE_LOG_RETENTION_DAYS', label: 'Log entries are kept', unit: DAYS },
      {
        name: 'VESTIBULE_LOG_LINES_PER_MINUTE',
        label: 'Logged refusals of unknown people per IP address',
        unit: ' a minute',
      },
      { name: 'VESTIBULE_LOG_LEVEL', label: 'Level of the server’s own log' },
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
      { name: 'VESTIBULE_TLS_CERT', label: 'TLS certificate' },
      { name: 'VESTIBULE_TLS_KEY', label: 'TLS key' },
      { name: 'VESTIBULE_TRUST_PROXY', label: 'Trusted proxies' },
      { name: 'VESTIBULE_OUTBOUND_ALLOW', label: 'Private networks the server can call' },
      { name: 'VESTIBULE_OUTBOUND_ALLOW_CUSTOMERS', label: 'Private networks for connections of customers' },
      { name: 'VESTIBULE_DNS_SERVERS', label: 'DNS servers for domain verification' },
      { name: 'NODE_EXTRA_CA_CERTS', label: 'Additional certificate authorities' },
      { name: 'VESTIBULE_METRICS_PORT', label: 'Metrics port' },
    ],
  },
  {
    title: 'Limits',
    variables: [
      { name: 'VESTIBULE_RATE_LIMIT_MANAGEMENT', label: 'Management API calls', unit: ' a second' },
      { name: 'VESTIBULE_RATE_LIMIT_TOKEN', label: 'Token requests', unit: ' a second' },
      { name: 'VESTIBULE_RATE_LIMIT_AUTHORIZE', label: 'Started sign-ins', unit: ' a second' },
      { name: 'VESTIBULE_MAX_CONNECTIONS', label: 'Simultaneous connections' },
      { name: 'VESTIBULE_REQUEST_TIMEOUT', label: 'Request timeout', unit: SECONDS },
      { name: 'VESTIBULE_IDLE_TIMEOUT', label: 'Idle connection timeout', unit: SECONDS },
    ],
  },
  {
    title: 'Actions',
    variables: [
      { name: 'VESTIBULE_ACTIONS_TIMEOUT', label: 'Time limit per trigger', unit: SECONDS },
      { name: 'VESTIBULE_ACTIONS_PROCESSES', label: 'Simultaneous processes' },
    ],
  },
  {
    title: 'Database and keys',
    variables: [
      { name: 'DATABASE_URL', label: 'External database (otherwise bundled)' },
      { name: 'VESTIBULE_DATABASE_CONNECTIONS', label: 'Database connections of this node' },
      { name: 'VESTIBULE_DATABASE_WAIT', label: 'Wait for a database connection', unit: SECONDS },
      { name: 'VESTIBULE_DATABASE_LOCK_TIMEOUT', label: 'Wait for a locked row', unit: SECONDS },
      { name: 'VESTIBULE_DATABASE_POOLER', label: 'Pooler' },
      { name: 'VESTIBULE_DATA_DIR', label: 'Data directory' },
      { name: 'VESTIBULE_SECRET_KEY', label: 'Secret key' },
      { name: 'VESTIBULE_SECRET_KEY_FORMER', label: 'Previous secret keys' },
      { name: 'VESTIBULE_MANAGEMENT_CLIENT_ID', label: 'Machine client' },
      { name: 'VESTIBULE_MANAGEMENT_CLIENT_SECRET', label: 'Secret of the machine client' },
    ],
  },
  {
    title: 'Traces (OpenTelemetry)',
    variables: [
      { name: 'OTEL_EXPORTER_OTLP_ENDPOINT', label: 'Collector' },
      { name: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', label: 'Collector for traces' },
      { name: 'OTEL_EXPORTER_OTLP_PROTOCOL', label: 'Protocol' },
      { name: 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', label: 'Protocol for traces' },
      { name: 'OTEL_TRACES_EXPORTER', label: 'Exporter' },
      { name: 'OTEL_SDK_DISABLED', label: 'Traces disabled' },
    ],
  },
  {
    title: 'Stopping',
    variables: [
      { name: 'VESTIBULE_SHUTDOWN_GRACE', label: 'Time for requests to finish', unit: SECONDS },
      { name: 'VESTIBULE_SHUTDOWN_DELAY', label: 'Port stays open', unit: SECONDS },
    ],
  },
];
