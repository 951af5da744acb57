/**
 * slipway as a library: what the command line does, for provision scripts.
 *
 * ```ts
 * const { cluster } = await loadInventory('inventory.yaml', { env: process.env });
 * const run = await openRun({ cluster, env: process.env, cacheDirectory, holder: 'me' });
 * const report = await run.apply(await run.plan());
 * await run.close();
 * ```
 */
export { readKubeconfig, writeKubeconfig } from '#kubeconfig/kubeconfig-file.ts';
export { terminalAsk } from '#cli/terminal-ask.ts';
export { type Cluster, firstControlPlane, type Host } from '#core/cluster.ts';
export type { Listener, RunEvent, RunReport } from '#core/event.ts';
export { EXIT } from '#core/exit-code.ts';
export type { Plan } from '#core/plan.ts';
export { isEmpty, summarize } from '#core/plan.ts';
export { SlipwayError } from '#core/slipway-error.ts';
export { fetchKubeconfig } from '#engine/kubeconfig.ts';
export { isSuccess } from '#engine/report.ts';
export type { Run } from '#engine/run.ts';
export { loadInventory } from '#inventory/load-inventory.ts';
export { linesReporter } from '#report/run/lines-reporter.ts';
export { renderRunSummary } from '#report/run/run-summary.ts';
export { renderTextPlan } from '#report/plan/text-plan.ts';
export { renderCheck } from '#report/text-verification.ts';
export { offlinePlan, openRun } from '#workflows/open-run.ts';
export { verifyCluster } from '#workflows/verify-cluster.ts';
