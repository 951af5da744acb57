import { type Document, isMap, isSeq, type YAMLMap } from 'yaml';

/** The first container of a workload's pods. @throws {TypeError} where there is none. */
export function firstContainer(workload: Document): YAMLMap {
  const containers = workload.getIn(['spec', 'template', 'spec', 'containers']);
  const container = isSeq(containers) ? containers.items[0] : undefined;
  if (!isMap(container)) {
    const name = String(workload.getIn(['metadata', 'name']));
    throw new TypeError(`${name} has no container`);
  }
  return container;
}

/** Changes the flags that a container is started with. */
export function editArgs(
  workload: Document,
  container: YAMLMap,
  edit: (args: readonly string[]) => readonly string[],
): void {
  const args = container.get('args');
  const written = isSeq(args) ? (args.toJSON() as readonly string[]) : [];
  const wanted = edit(written);
  if (wanted.join('\n') !== written.join('\n')) container.set('args', workload.createNode(wanted));
}
