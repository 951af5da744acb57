import { LabError } from './lab-error.ts';
import { run } from './run.ts';

export type Suite = 'bookworm' | 'trixie';

/** Where this machine itself gets Debian's packages from; the lab's hosts reach this and nothing else. */
export interface DebianMirror {
  readonly archive: URL;
  /** Absent when this machine has no security updates configured. */
  readonly security: URL | undefined;
}

/** Asks apt for its mirror. @throws LabError when apt knows none of Debian's. */
export async function debianMirror(): Promise<DebianMirror> {
  let targets = await indexTargets();
  if (targets.length === 0) {
    await run`apt-get update -q`;
    targets = await indexTargets();
  }
  const siteOf = (label: string) => targets.find((target) => target.label === label)?.site;
  const archive = siteOf('Debian');
  if (archive === undefined)
    throw new LabError('the lab needs a Debian mirror in the apt sources of this machine');
  const security = siteOf('Debian-Security');
  return { archive: new URL(archive), security: security === undefined ? undefined : new URL(security) };
}

/** The lines of sources.list a host of `suite` gets. Always http: the lab's proxy adds TLS if the mirror has it. */
export function sourcesOf(mirror: DebianMirror, suite: Suite): string[] {
  const archive = overHttp(mirror.archive);
  const lines = [`deb ${archive} ${suite} main`, `deb ${archive} ${suite}-updates main`];
  if (mirror.security !== undefined) lines.push(`deb ${overHttp(mirror.security)} ${suite}-security main`);
  return lines;
}

function overHttp(url: URL): string {
  return url.href.replace(/^https:/, 'http:').replace(/\/$/, '');
}

async function indexTargets(): Promise<{ site: string; label: string }[]> {
  const { stdout } =
    await run`apt-get indextargets --format '$(SITE)|$(ORIGIN)|$(LABEL)' 'ORIGIN: Debian'`.nothrow();
  return stdout
    .split('\n')
    .map((line) => line.split('|'))
    .filter(([site, origin]) => origin === 'Debian' && /^https?:/.test(site ?? ''))
    .map(([site = '', , label = '']) => ({ site, label }));
}
