import { describe, expect, it } from 'vitest';

import { clusterSettings } from '#checks/preflight/cluster-settings.ts';
import { clusterConfiguration } from '#configuration/kubeadm-config.ts';
import { writeConfiguration } from '#configuration/stored-configuration.ts';
import { SCHEDULER_CONFIGURATION, schedulerConfiguration } from '#configuration/scheduler-configuration.ts';
import type { Cluster } from '#core/cluster.ts';
import { certificateNames } from '#resources/kubeadm/certificate-names.ts';
import { configuredScheduler } from '#resources/kubeadm/configured-scheduler.ts';

import { kubernetes, parse } from '../inventory/inventory-fixture.ts';

const clusterOf = async (scheduler: string): Promise<Cluster> =>
  (await parse(kubernetes(`scheduler: {${scheduler}}`))).cluster;

const CONFIG = 'config: {percentageOfNodesToScore: 50}';
const NAMED = `spec:\n  - --config=${SCHEDULER_CONFIGURATION}\n  - mountPath: ${SCHEDULER_CONFIGURATION}\n`;

describe('the configuration of the scheduler', () => {
  it('has the kubeconfig, which the scheduler takes from nowhere else', () => {
    expect(schedulerConfiguration({ clientConnection: { qps: 100 }, percentageOfNodesToScore: 50 }))
      .toMatchInlineSnapshot(`
      "# Written by slipway: kubernetes.scheduler.config
      apiVersion: kubescheduler.config.k8s.io/v1
      kind: KubeSchedulerConfiguration
      clientConnection:
        kubeconfig: /etc/kubernetes/scheduler.conf
        qps: 100
      percentageOfNodesToScore: 50
      "
    `);
  });

  it('is given to kubeadm as a flag and a file', async () => {
    const { scheduler } = clusterConfiguration(await clusterOf(`extraArgs: {v: "4"}, ${CONFIG}`));
    expect(scheduler).toEqual({
      extraArgs: [
        { name: 'config', value: SCHEDULER_CONFIGURATION },
        { name: 'v', value: '4' },
      ],
      extraVolumes: [
        {
          name: 'slipway-configuration',
          hostPath: SCHEDULER_CONFIGURATION,
          mountPath: SCHEDULER_CONFIGURATION,
          readOnly: true,
          pathType: 'File',
        },
      ],
    });
  });
});

const judged = async (
  manifest: string | null,
  {
    written = '100.0',
    started = '200.0',
    ended,
    changed = [] as string[],
    isPlan = true,
  }: {
    written?: string;
    started?: string;
    ended?: readonly string[];
    changed?: string[];
    isPlan?: boolean;
  } = {},
) => {
  const cluster = await clusterOf(CONFIG);
  return configuredScheduler(cluster, cluster.hosts[0]!).diff(
    {
      manifest: manifest === null ? { type: 'absent' } : { type: 'file', content: manifest },
      written: { mtime: written },
      pods: { createdAt: { 'kube-scheduler': started }, ...(ended && { ended }) },
    } as never,
    { host: 'cp1', changed, ...(isPlan && { planned: () => undefined }) },
  );
};

describe('a scheduler', () => {
  it('that kubeadm has not made yet is none of its matters', async () => {
    expect(await judged(null)).toMatchObject({ answer: 'none' });
  });

  it('that is not told of it gets a manifest that is', async () => {
    expect(await judged('spec: {}')).toMatchObject({
      answer: 'change',
      steps: [{ summary: 'kubeadm init phase control-plane scheduler' }],
      restarts: ['kube-scheduler'],
    });
  });

  it('that runs on it is left alone', async () => {
    expect(await judged(NAMED)).toMatchObject({ answer: 'none' });
  });

  it('that was started before it was written is started anew', async () => {
    const restart = { answer: 'change', steps: [{ summary: 'restart kube-scheduler' }] };
    expect(await judged(NAMED, { written: '300.5' })).toMatchObject(restart);
    const changed = [`file:${SCHEDULER_CONFIGURATION}`];
    expect(await judged(NAMED, { changed })).toMatchObject(restart);
    // In a run that has written it and started the scheduler since, nothing is left.
    expect(await judged(NAMED, { changed, isPlan: false })).toMatchObject({ answer: 'none' });
  });

  it('that does not stay up is waited for, and said', async () => {
    expect(await judged(NAMED, { ended: ['kube-scheduler'] })).toMatchObject({
      answer: 'change',
      steps: [],
      differences: [{ from: 'ended', to: 'running' }],
    });
  });
});

const found = async (scheduler: string, stored: string) => {
  const api = {
    state: 'ready',
    clusterConfiguration: writeConfiguration(clusterConfiguration(await clusterOf(stored))),
  };
  const cluster = await clusterOf(scheduler);
  const settings = clusterSettings(cluster)
    .at(1)!
    .diff({ api } as never, { host: 'cp1', changed: [] });
  const names = certificateNames(cluster).diff({ api } as never, { host: 'cp1', changed: [] });
  return [settings.answer, names.answer];
};

describe('a cluster that was made without it', () => {
  it('gets it, also into what kubeadm upgrades by', async () => {
    expect(await found(CONFIG, '')).toEqual(['none', 'change']);
    expect(await found(CONFIG, CONFIG)).toEqual(['none', 'none']);
  });

  it('gets no other flags with it, and does not lose it without a word', async () => {
    expect(await found(`${CONFIG}, extraArgs: {v: "4"}`, CONFIG)).toEqual(['refused', 'none']);
    expect(await found('', CONFIG)).toEqual(['refused', 'none']);
  });
});
