import type { CommandUnknownOpts } from '@commander-js/extra-typings';

import { adoptCommand } from './adopt.ts';
import { applyCommand } from './apply.ts';
import { bundleCommand } from './bundle.ts';
import { certsCommand } from './certs.ts';
import type { Cli } from './cli-context.ts';
import { completeCommand } from './complete.ts';
import { completionCommand } from './completion.ts';
import { doctorCommand } from './doctor.ts';
import { etcdCommand } from './etcd.ts';
import { explainCommand } from './explain.ts';
import { factsCommand } from './facts.ts';
import { graphCommand } from './graph.ts';
import { importCommand } from './import.ts';
import { initCommand } from './init.ts';
import { kubeconfigCommand } from './kubeconfig.ts';
import { planCommand } from './plan.ts';
import { removeCommand } from './remove.ts';
import { reportCommand } from './report.ts';
import { resetCommand } from './reset.ts';
import { rootOf } from './root.ts';
import { runsCommand } from './runs.ts';
import { statusCommand } from './status.ts';
import { validateCommand } from './validate.ts';
import { verifyCommand } from './verify.ts';
import { versionCommand } from './version.ts';
import { versionsCommand } from './versions.ts';

/** The command line as a tree: the table of contents of what slipway can be asked. */
export const program = (cli: Cli): CommandUnknownOpts =>
  rootOf(
    cli,
    [
      initCommand,
      validateCommand,
      doctorCommand,
      factsCommand,
      planCommand,
      applyCommand,
      statusCommand,
      certsCommand,
      verifyCommand,
      kubeconfigCommand,
      etcdCommand,
      removeCommand,
      resetCommand,
      runsCommand,
      reportCommand,
      bundleCommand,
      importCommand,
      adoptCommand,
      graphCommand,
      explainCommand,
      completionCommand,
      versionsCommand,
      versionCommand,
    ].map((command) => command(cli)),
    [completeCommand(cli)],
  );
