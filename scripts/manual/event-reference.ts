import schema from '../../schema/events.schema.json' with { type: 'json' };
import { code, markdownTable, plain } from './markdown.ts';

/** The events of a run, as their schema says. */
export function eventReference(): string {
  const rows = schema.$defs.event.oneOf.map(({ description, properties, required }) => [
    code(properties.event.const),
    plain(description),
    Object.keys(properties)
      .filter((name) => name !== 'event')
      .map((name) => (required.includes(name) ? code(name) : `${code(name)} (not always)`))
      .join(', '),
  ]);
  return `# Events

The lines of \`slipway apply --format ndjson\`, and those of a journal in \`.slipway/runs\`, which begins with one that says
who began it, when, and with which slipway. [The schema](https://unpkg.com/slipway/schema/events.schema.json) has the
members of each; the TypeScript type is \`RunEvent\`.

${markdownTable(['event', 'is', 'members'], rows)}
`;
}
