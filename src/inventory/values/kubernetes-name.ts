/**
 * What Kubernetes accepts as a name. Each function gives the fault, or nothing when there is none.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go
 */

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

/** DNS-1123 subdomain: the form of a node's name. */
export function dnsSubdomainFault(text: string): string | undefined {
  if (text.length > 253) return 'is longer than 253 characters';
  if (text.split('.').every((label) => LABEL.test(label))) return undefined;
  return 'must be lower-case letters, digits, - and ., with a letter or digit at both ends of each part';
}

/** The key of a label or a taint: a name, with a DNS subdomain and a slash before it or not. */
export function qualifiedNameFault(text: string): string | undefined {
  const [name = '', prefix, ...rest] = text.split('/').toReversed();
  if (rest.length > 0) return 'has more than one /';
  if (prefix !== undefined) {
    if (prefix === '') return 'has nothing before the /';
    const fault = dnsSubdomainFault(prefix);
    if (fault !== undefined) return `has a prefix ${JSON.stringify(prefix)} that ${fault}`;
  }
  if (name === '') return 'has no name';
  if (name.length > 63) return 'has a name longer than 63 characters';
  if (NAME.test(name)) return undefined;
  return 'must be letters, digits, -, _ and ., with a letter or digit at both ends';
}

/** The value of a label or a taint; it may be empty. */
export function labelValueFault(text: string): string | undefined {
  if (text === '') return undefined;
  if (text.length > 63) return 'is longer than 63 characters';
  if (NAME.test(text)) return undefined;
  return 'must be letters, digits, -, _ and ., with a letter or digit at both ends';
}
