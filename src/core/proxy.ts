/** What stands between the hosts and the internet. */
export interface Proxy {
  /** For requests by http; without a login, and without a slash at its end. */
  readonly http: string;
  /** For requests by https. */
  readonly https: string;
  /** What is reached without it: names, domains with a dot in front, addresses and their blocks. */
  readonly noProxy: readonly string[];
}

/** Whether a machine of this name is among what is reached without the proxy; an address in a block is not seen. */
export const isExempt = ({ noProxy }: Proxy, name: string): boolean =>
  noProxy.some((one) => one === name || (one.startsWith('.') && `.${name}`.endsWith(one)));

/**
 * The variables by which programs know it, in the order of their names. curl and apt read the lower case, Go both.
 *
 * @see https://pkg.go.dev/golang.org/x/net/http/httpproxy#FromEnvironment (v0.44)
 */
export const proxyVariables = ({ http, https, noProxy }: Proxy): Readonly<Record<string, string>> => ({
  http_proxy: http,
  https_proxy: https,
  no_proxy: noProxy.join(','),
});
