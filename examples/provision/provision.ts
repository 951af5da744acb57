#!/usr/bin/env node
// A cluster from bare machines, and what is to run on it: npm install slipway zx && node provision.ts
import { isEmpty, isSuccess, linesReporter, openSlipway, renderTextPlan, writeKubeconfig } from 'slipway';
import { $, echo, question } from 'zx';

await using slipway = await openSlipway('inventory.yaml', {
  env: process.env,
  holder: 'provision.ts',
  listener: linesReporter(process.stderr, { color: false }),
});

const plan = await slipway.plan();
echo(renderTextPlan(plan, { color: false, verbose: false, width: 100 }));
if (!isEmpty(plan)) {
  if ((await question('Apply it? (yes/no) ')) !== 'yes') process.exit(1);
  if (!isSuccess(await slipway.apply(plan))) process.exit(1);
}
await writeKubeconfig('admin.conf', await slipway.kubeconfig());

$.env = { ...process.env, KUBECONFIG: 'admin.conf' };
await $`kubectl apply --kustomize apps`;
await $`kubectl --namespace apps rollout status deployment --timeout 5m`;
echo('The cluster and its apps are up.');
