import { Command, type CommandUnknownOpts, Option } from '@commander-js/extra-typings';

import type { Cli } from './cli-context.ts';
import { globalOptions } from './global-options.ts';
import { openOffline } from './with-slipway.ts';

export const graphCommand = (cli: Cli): CommandUnknownOpts =>
  new Command('graph')
    .summary('draw what waits for what')
    .description(
      'Draws the resources of every host and phase, and what each waits for, without a connection.',
    )
    .addOption(
      new Option('--format <format>', 'notation of the drawing')
        .choices(['mermaid', 'dot', 'svg'])
        .default('mermaid' as const),
    )
    .addHelpText(
      'after',
      `
Examples:
  slipway graph --limit cp1 > graph.mmd             for Markdown, as \`\`\`mermaid
  slipway graph --format svg > graph.svg      hosts that are alike, together
  slipway graph --format dot | dot -Tsvg > graph.svg
  slipway graph --only control-plane,join           a part of it`,
    )
    .action(async ({ format }, command) => {
      const slipway = await openOffline(cli, globalOptions(command));
      const graph = await slipway.graph();
      if (format === 'svg') {
        const { renderSvgPlan } = await import('#report/plan/svg-plan.ts');
        cli.stdout.write(renderSvgPlan(graph));
        return;
      }
      const { renderGraph } = await import('#report/render-graph.ts');
      cli.stdout.write(renderGraph(graph, format));
    });
