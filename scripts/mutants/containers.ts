/** Faults in the files of deploy/ that start containers. */
import { type Mutant, mutantsOf } from './mutant.js';

const CHART = 'test/tooling/chart.test.ts';
const DEPLOY = 'test/tooling/deploy.test.ts';

export const CONTAINER_MUTANTS: readonly Mutant[] = [
  ...mutantsOf(
    'deploy/chart/templates/deployment.yaml',
    [
      'on Kubernetes a flaw changes the program',
      'readOnlyRootFilesystem: true',
      'readOnlyRootFilesystem: false',
      CHART,
    ],
    [
      'on Kubernetes the container keeps capabilities',
      'capabilities: {drop: [ALL]}',
      'capabilities: {drop: []}',
      CHART,
    ],
    ['on Kubernetes a login is cut', 'terminationGracePeriodSeconds: 35', 'terminationGracePeriodSeconds: 20', CHART],
    ['a Service sets variables of the server', 'enableServiceLinks: false', 'enableServiceLinks: true', CHART],
  ),
  ...mutantsOf(
    'deploy/compose.yaml',
    ['in Compose a flaw changes the program', 'read_only: true', 'read_only: false', DEPLOY],
    ['the server is reached past its proxy', '"127.0.0.1:3000:3000"', '"3000:3000"', DEPLOY],
  ),
  ...mutantsOf('deploy/Containerfile', ['the server of a container is root', 'USER 10001:10001', 'USER 0:0', DEPLOY]),
];
