/**
 * slipway as a library: what the command line does, for provision scripts.
 *
 * ```ts
 * await using slipway = await openSlipway('inventory.yaml', { env: process.env, holder: 'me' });
 * const plan = await slipway.plan();
 * process.stdout.write(renderTextPlan(plan, { color: true, verbose: false, width: 100 }));
 * const report = await slipway.apply(plan);
 * if (isSuccess(report)) await writeKubeconfig('admin.conf', await slipway.kubeconfig());
 * ```
 */
export type { Cluster, Host } from '#core/cluster.ts';
export type { Listener, RunEvent, RunReport } from '#core/event.ts';
export { EXIT } from '#core/exit-code.ts';
export type { Plan } from '#core/plan.ts';
export { isEmpty, summarize } from '#core/plan.ts';
export { SlipwayError } from '#core/slipway-error.ts';
export type { CheckResult } from '#core/verification.ts';
export { isSuccess } from '#engine/report.ts';
export type { KubeconfigTunnel } from '#kubeconfig/admin-kubeconfig.ts';
export { type Kubeconfig, mergeKubeconfig, writeKubeconfig } from '#kubeconfig/kubeconfig-file.ts';
export { renderTextPlan } from '#report/plan/text-plan.ts';
export { linesReporter } from '#report/run/lines-reporter.ts';
export { renderRunSummary } from '#report/run/run-summary.ts';
export type { Status } from '#report/status.ts';
export { terminalAsk } from '#report/terminal-ask.ts';
export { renderTextStatus } from '#report/text-status.ts';
export { renderCheck } from '#report/text-verification.ts';
export { openSlipway, type Slipway, type SlipwayOptions } from '#slipway.ts';
