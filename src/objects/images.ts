/**
 * The images that objects name, in the order of their names: what stands in a field `image`, and whole names with a
 * registry in arguments and variables, which an operator takes for pods of its own. The texts are not parsed for that:
 * Calico's are megabytes.
 */
export function imagesIn(text: string): readonly string[] {
  const fields = [...text.matchAll(FIELD)].flatMap(([, quoted, plain]) => quoted ?? plain ?? []);
  const others = [...text.matchAll(NAMED)].map(([, name = '']) => name);
  return [...new Set([...fields, ...others])].filter((name) => IMAGE.test(name)).toSorted();
}

/** In YAML of both styles, and in JSON. */
const FIELD = /(?:^|[\s{,])"?image"?:[ \t]*(?:["']([^"'\s]+)["']|([^"'\s#{},]+))[ \t]*(?:$|[#,}])/gm;

/** `--acme-http01-solver-image=quay.io/jetstack/cert-manager-acmesolver:v1.20.3`. */
const NAMED =
  /[\s"'=]((?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?\/[a-z0-9._/-]+:v?\d[\w.-]*(?:@sha256:[0-9a-f]{64})?)["']?(?:$|[\s,}])/gm;

const IMAGE = /^[a-z0-9][\w.:/-]*(?:@sha256:[0-9a-f]{64})?$/;
