import { parse } from 'smol-toml';

import { at, type CriSettings, criSettings, keysOf } from '#catalog/containerd-contradictions.ts';
import { endedAnswers, type Fact, type Family, fact } from '#core/fact.ts';
import type { Json } from '#core/json.ts';
import { rememberLast } from '#core/remember-last.ts';
import { embed, lines, type Script, sh } from '#core/shell.ts';

import { pack, unpack } from './packed.ts';
import { PROGRAMS } from './queues.ts';

/** The path of a setting in containerd's configuration: keys of tables, from the root. */
export type SettingPath = readonly string[];

/** What containerd makes of its configuration files. Only of settings that were asked for: others may be secret. */
export type ContainerdDump = {
  /** Why there is no dump: containerd is not there, or cannot read a file. */
  readonly problem: string | null;
  readonly effective: readonly FoundSetting[];
  /** Imported files in the order they are laid over the main one. */
  readonly dropIns: readonly DropIn[];
};

export type FoundSetting = { readonly path: SettingPath; readonly value: Json };

export type DropIn = {
  readonly file: string;
  readonly isOurs: boolean;
  readonly isToml: boolean;
  /** Plugins that it has a section of. */
  readonly plugins: readonly string[];
  readonly settings: readonly FoundSetting[];
  /** Absent in recordings that are older than it. */
  readonly cri?: CriSettings;
};

type DumpQuestion = { readonly paths: readonly SettingPath[]; readonly imports: readonly string[] };

/** The value of a setting; undefined where nothing sets it. */
export const settingOf = (settings: readonly FoundSetting[], path: SettingPath): Json | undefined =>
  settings.find(
    (setting) =>
      setting.path.length === path.length && setting.path.every((key, index) => key === path[index]),
  )?.value;

/** @param imports shell patterns of drop-ins, absolute; those that the host's own configuration imports are added. */
export const containerdDump = (
  paths: readonly SettingPath[],
  imports: readonly string[],
): Fact<ContainerdDump> => fact(family, { paths, imports });

const NO_DUMP: ContainerdDump = { problem: 'containerd is not installed', effective: [], dropIns: [] };

const family: Family<DumpQuestion, ContainerdDump> = {
  name: 'containerd-dump',
  sharesShell: true,
  queue: PROGRAMS,
  script: (questions) => lines(...questions.map(script)),
  parse: (output, questions) => {
    const answers = endedAnswers(output, questions);
    return questions.map((question, index) => read(answers[index] ?? '', question));
  },
  bare: () => NO_DUMP,
};

const CONFIG = '/etc/containerd/config.toml';
const KEPT = '/run/slipway/containerd-dump';
const DIRECTORY = '${file%/*}' as Script;
/** Of what was kept; to cut off `##*` would take some shells the square of its length. */
const KEPT_DUMP = '"${kept#"$depending"}"' as Script;

/**
 * To make a dump costs a host as much as all its other answers together. One that a run has kept is taken as long as all
 * that it depends on is what it was: the program and the configuration, and whatever lies in directories that files are
 * imported from. Times of change are among that, which nobody can set back, so that none of it is younger than the dump.
 *
 * @see https://github.com/containerd/containerd/blob/v2.2.0/docs/man/containerd-config.8.md
 */
function script({ imports }: DumpQuestion): Script {
  const patterns = imports.filter((pattern) => /^\/[\w/.*?@-]+$/.test(pattern)).join(' ') as Script;
  return sh`listed=$([ ! -f ${CONFIG} ] || sed -nE ${LISTED} ${CONFIG})
if ! containerd=$(command -v containerd); then echo none
else
places=; set -f
for file in $listed ${embed(patterns)}; do
place=${embed(DIRECTORY)}; [ -n "$place" ] || place=/
case " $places " in *" $place "*) ;; *) places="$places $place";; esac
done
set +f
depends() {
set -- "$containerd" ${CONFIG}
for place in $places; do set -- "$@" "$place" "$place"/* "$place"/.[!.]* "$place"/..?*; done
stat -L -c '%n %d:%i %s %a %u %.9Y %.9Z' -- "$@" 2>/dev/null; }
depending=$(depends)
kept=; [ ! -f ${KEPT} ] || kept=$(cat ${KEPT} 2>/dev/null)
case $kept in "$depending
dump "?*) printf '%s\n' ${embed(KEPT_DUMP)};;
*)
if dump=$(containerd config dump 2>/dev/null); then
dump="dump $(printf '%s\n' "$dump" | ${embed(pack)})"; printf '%s\n' "$dump"
${embed(keep)}
else printf 'broken '; containerd config dump 2>&1 | grep -v '^$' | tail -n 1
fi;;
esac
fi
for file in $listed ${embed(patterns)}; do
[ -f "$file" ] && printf 'file %s ' "$file" && base64 -w0 <"$file" && echo
done
echo end`;
}

/**
 * Where the run may keep it (`KEEPING`). Not of a program that may be another one's wrapper, nor where files are imported in a way that is not seen here: by
 * imported files, or by a key that is written otherwise.
 */
const keep = sh`IFS= read -r magic <"$containerd"
case "$slipway_keeps$depending $magic" in 1?*' '?ELF*)
if ! grep -hE ${String.raw`imports|\\[uU]`} ${CONFIG} 2>/dev/null | grep -qvE '^[[:space:]]*(#|imports[[:space:]]*=)' &&
[ -z "$([ -z "$places" ] || find -L $places -maxdepth 1 -type f ! -path ${CONFIG} -exec grep -lE ${String.raw`imports|\\[uU]`} {} + 2>/dev/null)" ] &&
[ "$(depends)" = "$depending" ]
then (umask 077; mkdir -p /run/slipway && printf '%s\n' "$depending" "$dump" >${KEPT}.$$ && mv -f ${KEPT}.$$ ${KEPT}) 2>/dev/null; fi;;
esac`;

/** The words of the list `imports`, of one line or more. */
const LISTED = String.raw`/^[[:space:]]*imports[[:space:]]*=/{:more; /\]/!{N; b more
}; s/#[^\n]*//g; s/^[^[]*\[//; s/\].*//; s/["',\n]/ /g; s!(^|[[:space:]])([^/[:space:]])!\1/etc/containerd/\2!g; p}`;

function read(answer: string, { paths }: DumpQuestion): ContainerdDump {
  const files = new Map(
    [...answer.matchAll(/^file (\S+) (\S*)$/gm)].map(([, file = '', content = '']) => [file, content]),
  );
  const dropIns = [...files].map(([file, content]) => {
    const text = Buffer.from(content, 'base64').toString();
    const root = parseToml(text);
    return {
      file,
      isOurs: text.startsWith('# Written by slipway'),
      isToml: root !== undefined,
      plugins: keysOf(at(root, 'plugins')),
      settings: pick(root, paths),
      cri: criSettings(root),
    };
  });
  const dump = /^dump (\S*)$/m.exec(answer)?.[1];
  if (dump !== undefined) return { problem: null, effective: effectiveOf(dump, paths), dropIns };
  const problem = /^broken (.*)$/m.exec(answer)?.[1] ?? NO_DUMP.problem;
  return { problem, effective: [], dropIns };
}

/** Of a packed dump, which hosts of a kind have in common. */
const effectiveOf = rememberLast((dump: string, paths: readonly SettingPath[]) =>
  pick(parseToml(unpack(dump).toString()), paths),
);

/** The settings at these paths; none of a file that is not TOML. */
function pick(root: unknown, paths: readonly SettingPath[]): readonly FoundSetting[] {
  return paths.flatMap((path) => {
    const value = at(root, ...path);
    return value === undefined ? [] : [{ path, value: asJson(value) }];
  });
}

/** Numbers too long for JSON as text; nothing of ours is one. */
const asJson = (value: unknown): Json =>
  JSON.parse(
    JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part)),
  ) as Json;

function parseToml(text: string): unknown {
  try {
    return parse(text, { integersAsBigInt: 'asNeeded' });
  } catch {
    return undefined;
  }
}
