import type { Chart } from '#core/addon-set.ts';
import { type Accepted, freeMap, map, oneOf, required, text, url } from '#core/schema.ts';
import type { Finding, Path } from '#inventory/text/problem.ts';
import { localPath } from '#inventory/values/local-path.ts';

import { addonName, after } from './addon-name.ts';
import { type AddonSource, timeout, TIMEOUT_SECONDS } from './known-addon.ts';

const defaults = {
  namespace: 'default',
  timeout: TIMEOUT_SECONDS,
  values: {},
  runsOn: 'controller',
} as const;

/** A Helm chart of the operator's choice. */
export const chartSchema = map(
  {
    name: required(addonName('The release, and what the plan calls it.')),
    chart: required(
      text({
        description: "The chart's name in its repository, an oci:// reference, or a path (./ or / in front).",
        wanted: 'a chart',
        examples: ['ingress-nginx', 'oci://registry-1.docker.io/bitnamicharts/redis', './charts/mine'],
      }),
    ),
    repository: url({ description: 'The URL of the repository, for a chart by its name.' }),
    version: text({
      description: 'The version of the chart; a chart by its path needs none.',
      wanted: 'a version such as 4.12.1',
      examples: ['4.12.1'],
    }),
    namespace: text({
      description: 'Where its objects go; it is made when it is not there.',
      wanted: 'the name of a namespace',
      pattern: '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$',
      default: defaults.namespace,
    }),
    after,
    timeout,
    values: freeMap({ description: 'Values, over those of the chart.' }),
    runsOn: oneOf(['controller', 'control-plane'], {
      description: 'Where helm runs: where slipway does, or on the first control plane. It must be there.',
      default: defaults.runsOn,
    }),
  },
  'A Helm chart, rendered by helm template and applied as all other objects are.',
);

type Written = Accepted<typeof chartSchema>;

export function chartFindings(
  { chart, repository, version, runsOn }: Written,
  path: Path,
): readonly Finding[] {
  const isPath = isChartPath(chart);
  const isReference = chart.startsWith('oci://');
  if (repository === undefined && !isPath && !isReference) {
    const message = 'needs a repository: its chart is neither a path (./ in front) nor an oci:// reference';
    return [{ path, message }];
  }
  if (repository !== undefined && (isPath || isReference)) {
    const message = '"repository" is for a chart by its name';
    return [{ path: [...path, 'repository'], isKey: true, message }];
  }
  if (version === undefined && !isPath) {
    return [{ path, message: 'needs a version: without one helm takes whatever is the newest' }];
  }
  return isPath && runsOn === 'control-plane'
    ? [{ path: [...path, 'runsOn'], message: 'must be controller for a chart on this machine' }]
    : [];
}

export function buildChart(written: Written, { kubernetes, places }: AddonSource): Chart {
  const {
    name,
    chart,
    repository,
    version,
    namespace,
    values,
    runsOn,
    timeout: timeoutSeconds,
  } = {
    ...defaults,
    ...written,
  };
  return {
    name,
    kind: 'chart',
    chart: isChartPath(chart) ? localPath(chart, places) : chart,
    ...(repository !== undefined && { repository }),
    ...(version !== undefined && { version }),
    namespace,
    values,
    kubernetesVersion: kubernetes.version,
    runsOn,
    timeoutSeconds,
  };
}

/** A chart on disk, as helm tells one from a name: by its first character. */
const isChartPath = (chart: string): boolean => /^(\.{0,2}\/|~\/|\.)/.test(chart);
