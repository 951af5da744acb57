import { type Proxy, proxyVariables } from '#core/proxy.ts';
import { change, changeOr, differs, none, refused, type Resource, resource } from '#core/resource.ts';
import type { Download } from '#core/runtime.ts';
import { embed, lines, type Script, sh } from '#core/shell.ts';
import { type FileRef, type RunStep, run } from '#core/step.ts';
import type { PackageFile } from '#distributions/distribution-family.ts';
import { PACKAGES_LANE } from '#distributions/packages-lane.ts';
import { distributionFamilyOf, isPackageFile } from '#distributions/supported.ts';
import { describeFiles, downloaded, DOWNLOADS } from '#facts/download.ts';
import { os } from '#facts/os.ts';
import { pathKind } from '#facts/path.ts';

import { copyOf, KEEP, replacing } from './diff-file.ts';

export interface DownloadDefinition {
  /** `containerd`; tells downloads of a host apart. */
  readonly name: string;
  readonly download: Download;
  /** Where an archive is unpacked, or a program goes. */
  readonly into: string;
  /** Directories of the archive's to leave out; default 0. */
  readonly strip?: number;
  /** What the host fetches it through. */
  readonly proxy?: Proxy | null;
  /** One of its files, by which a plan sees that somebody else has it there already. */
  readonly program: string;
}

/** The path of the record of what was unpacked. A process that is older than the record runs an old program. */
export const downloadRecord = (name: string): string => `${DOWNLOADS}/${name}`;

const FETCH_TIMEOUT_MS = 30 * 60_000;

/**
 * A release file of a project, checked against its digest and unpacked. A record of its files is written last: without
 * it the work is done again, and with it a file that somebody replaced is noticed.
 */
export const download = (definition: DownloadDefinition): Resource =>
  resource({
    address: `download:${definition.name}`,
    facts: {
      os: os(),
      found: downloaded(definition.name),
      program: pathKind(definition.program),
    },
    supplies: { files: definition.download.files },
    ...(Object.values(definition.download.files).some(({ url }) => isPackageFile(url)) && {
      lane: PACKAGES_LANE,
    }),
    diff: ({ os: machine, found, program }) => {
      const { name, download: wanted } = definition;
      const file = wanted.files[machine.arch];
      if (file === undefined) {
        return refused(
          'DownloadArchitecture',
          `no digest of ${name} ${wanted.version} for ${machine.arch} is known, only for ${Object.keys(wanted.files).join(', ')}`,
          `give downloads.${name}.sha256.${machine.arch} in the inventory`,
        );
      }
      const packageFile = distributionFamilyOf(machine)?.packageFile;
      if (isPackageFile(file.url) && !isPackageOf(packageFile, file)) {
        return refused(
          'DownloadFormat',
          `${machine.prettyName} cannot install ${file.url}`,
          `give downloads.${name}.url of an archive, or of a package for ${machine.prettyName}, in the inventory`,
        );
      }
      const fetched = `${downloadRecord(name)}.fetched`;
      const isForeign = found.sha256 === null && program === 'file' && !isPackageFile(file.url);
      const outcome = changeOr(
        `${name} ${wanted.version}, as released`,
        [
          ...differs(`${name} ${wanted.version}, sha256`, found.sha256, file.sha256),
          ...found.altered.map((path) => ({ what: path, from: 'altered', to: 'as released' })),
        ],
        [
          wanted.fetch === 'host'
            ? fetchStep(file, fetched, definition.proxy ?? null)
            : streamStep(file, fetched),
          unpackStep(definition, file, fetched, packageFile),
        ],
      );
      return isForeign ? replacing(outcome, definition.program) : outcome;
    },
  });

/** What an earlier inventory had unpacked is gone, and so is the unit that starts it. */
export const noDownload = (name: string, unitFile?: string): Resource =>
  resource({
    address: `download:${name}`,
    facts: { found: downloaded(name) },
    diff: ({ found }) => {
      if (found.sha256 === null) return none(`${name} was not unpacked here`);
      const record = downloadRecord(name);
      return change(
        [{ what: `${name}, unpacked`, from: `sha256 ${found.sha256}`, to: null }],
        [
          run(
            `remove ${name}, as it was unpacked`,
            sh`rm -f ${unitFile === undefined ? [] : [unitFile]}
systemctl daemon-reload
tail -n +2 ${record} | while read -r size time mode path; do rm -f -- "$path"; done
rm -f ${record}`,
          ),
        ],
      );
    },
  });

const fetchStep = ({ url, sha256 }: FileRef, path: string, proxy: Proxy | null): RunStep => ({
  do: 'run',
  summary: `fetch ${url}`,
  timeoutMs: FETCH_TIMEOUT_MS,
  retry: {
    when: 'Could not resolve|Connection (refused|reset|timed out)|timed out|\\b(429|500|502|503|504)\\b|transfer closed',
    attempts: 5,
    pauseMs: 3000,
  },
  script: lines(
    ...Object.entries(proxy === null ? {} : proxyVariables(proxy)).map(
      ([name, value]) => sh`export ${`${name}=${value}`}`,
    ),
    sh`mkdir -p ${DOWNLOADS}
if command -v curl >/dev/null; then curl -fsSL --connect-timeout 20 -o ${path} ${url}
elif command -v wget >/dev/null; then wget -nv -T 20 -t 1 -O ${path} ${url}
else echo ${'it has neither curl nor wget: install one, or say fetch: controller in the inventory'} >&2; exit 1
fi`,
    digestCheck(path, url, sha256),
  ),
});

const streamStep = (file: FileRef, path: string): RunStep => ({
  do: 'run',
  summary: `stream ${file.url}`,
  timeoutMs: FETCH_TIMEOUT_MS,
  file,
  script: lines(sh`mkdir -p ${DOWNLOADS}; base64 -d >${path}`, digestCheck(path, file.url, file.sha256)),
});

const digestCheck = (path: string, url: string, sha256: string): Script =>
  sh`found=$(sha256sum ${path} | cut -d' ' -f1)
if [ "$found" != ${sha256} ]; then
rm -f ${path}
echo ${url} "has the sha256 $found, wanted" ${sha256} >&2
exit 1
fi`;

function unpackStep(
  definition: DownloadDefinition,
  file: FileRef,
  fetched: string,
  packageFile: PackageFile | undefined,
): RunStep {
  const {
    name,
    download: { version },
  } = definition;
  const record = downloadRecord(name);
  return {
    do: 'run',
    summary: `unpack ${name} ${version}`,
    timeoutMs: 300_000,
    script: lines(
      sh`files=$(mktemp)
trap 'rm -f "$files"' EXIT`,
      isPackageOf(packageFile, file) ? packageFile.install(fetched) : unpack(file, fetched, definition),
      sh`{ echo ${`sha256 ${file.sha256}`}; xargs -d '\n' ${embed(describeFiles)} <"$files"; } >${`${record}.new`}
mv -f ${`${record}.new`} ${record}
rm -f ${fetched}`,
    ),
  };
}

const isPackageOf = (packageFile: PackageFile | undefined, { url }: FileRef): packageFile is PackageFile =>
  packageFile !== undefined && url.endsWith(packageFile.extension);

/** Puts the files in their places, and their paths into the file `$files`. What others have there stays beside them. */
function unpack({ url }: FileRef, fetched: string, { name, into, strip = 0 }: DownloadDefinition): Script {
  const keep = lines(
    KEEP,
    sh`[ -e ${downloadRecord(name)} ] || while IFS= read -r path; do
if [ -f "$path" ]; then keep "$path" ${embed(COPY)}; fi
done <"$files"`,
  );
  if (/\.(tgz|tar\.gz)$/.test(url)) {
    return lines(
      sh`mkdir -p ${into}
tar -tzf ${fetched} | grep -v '/$' | sed 's|^\./||' | cut -d/ -f${strip + 1}- | sed "s|^|"${into}"/|" >"$files"`,
      keep,
      sh`tar -xzf ${fetched} -C ${into} --no-same-owner ${`--strip-components=${strip}`}`,
    );
  }
  return lines(sh`echo ${into} >"$files"`, keep, sh`install -D -m 755 ${fetched} ${into}`);
}

const COPY = copyOf('"$path"') as Script;
