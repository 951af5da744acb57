/**
 * The images that objects name, in the order of their names: what stands in a field `image`, and whole names with a
 * registry in arguments and variables, which an operator takes for pods of its own. The texts are not parsed for that:
 * Calico's are megabytes.
 */
export function imagesIn(text: string): readonly string[] {
  const { parts, rest } = inParts(text);
  const fields = [...rest.matchAll(FIELD)].flatMap(([, quoted, plain]) => quoted ?? plain ?? []);
  const others = [...rest.matchAll(NAMED)].map(([, name = '']) => name);
  return [...new Set([...parts, ...fields, ...others])].filter((name) => IMAGE.test(name)).toSorted();
}

/**
 * Images that an operator is told of in parts, and the text without them: `repository`, `image` and `version` beside one
 * another, as NVIDIA's GPU operator has them, or `repository` and `tag` or `digest` below `image`, as values of charts have them.
 */
function inParts(text: string): { readonly parts: readonly string[]; readonly rest: string } {
  if (!/^ *repository: /m.test(text)) return { parts: [], rest: text };
  const parts: string[] = [];
  const rows = text.split('\n');
  for (const [index, row] of rows.entries()) {
    const [found, blanks = '', word = ''] = /^( *)image: *(["']?[\w.-]+["']?)? *$/.exec(row) ?? [];
    if (found === undefined) continue;
    const isBelow = word === '';
    const isPart = (one: string): boolean =>
      isBelow ? depthOf(one) > blanks.length : depthOf(one) === blanks.length;
    const last = (step: 1 | -1): number => {
      let at = index;
      while (isPart(rows[at + step] ?? '')) at += step;
      return at;
    };
    const block = rows.slice(isBelow ? index + 1 : last(-1), last(1) + 1);
    const name = isBelow ? nameBelow(block) : nameBeside(block, word);
    if (name === undefined) continue;
    parts.push(name);
    rows[index] = '';
  }
  return { parts, rest: rows.join('\n') };
}

/** How far a row is to the right; of an empty one, nowhere. */
const depthOf = (row: string): number => row.search(/\S/);

function nameBeside(block: readonly string[], image: string): string | undefined {
  const [repository, version] = [valueIn(block, 'repository'), valueIn(block, 'version')];
  if (repository === undefined || version === undefined) return undefined;
  return joined(`${repository}/${image.replaceAll(/["']/g, '')}`, version);
}

function nameBelow(block: readonly string[]): string | undefined {
  const [registry, repository] = [valueIn(block, 'registry'), valueIn(block, 'repository')];
  const version = valueIn(block, 'digest') ?? valueIn(block, 'tag');
  if (repository === undefined || version === undefined) return undefined;
  return joined(registry === undefined ? repository : `${registry}/${repository}`, version);
}

const valueIn = (block: readonly string[], name: string): string | undefined =>
  block.flatMap((row) => {
    const [, field, value] = /^ *(\w+): *["']?([^"'\s#]+)["']?(?: |$)/.exec(row) ?? [];
    return field === name && value !== undefined ? [value] : [];
  })[0];

const joined = (name: string, version: string): string =>
  `${name}${version.startsWith('sha256:') ? '@' : ':'}${version}`;

/** In YAML of both styles, and in JSON. */
const FIELD = /(?:^|[\s{,])"?image"?:[ \t]*(?:["']([^"'\s]+)["']|([^"'\s#{},]+))[ \t]*(?:$|[#,}])/gm;

/** `--acme-http01-solver-image=quay.io/jetstack/cert-manager-acmesolver:v1.20.3`. */
const NAMED =
  /[\s"'=]((?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?\/[a-z0-9._/-]+:v?\d[\w.-]*(?:@sha256:[0-9a-f]{64})?)["']?(?:$|[\s,}])/gm;

const IMAGE = /^[a-z0-9][\w.:/-]*(?:@sha256:[0-9a-f]{64})?$/;
