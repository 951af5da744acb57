/**
 * How each shell asks `slipway __complete -- WORDS` what the last of the words may be. A line of the answer is a whole
 * word, a tab and what it is; `:files` stands for names of files.
 */
export const COMPLETION_SCRIPTS = {
  bash: String.raw`# bash completion of slipway: source it, or put it into /etc/bash_completion.d
_slipway() {
  local words=() index word cut= value about
  for ((index = 1; index <= COMP_CWORD; index++)); do
    word=${'$'}{COMP_WORDS[index]}
    # bash takes = and : for words of their own.
    if [[ $word == [=:]* || $cut == yes ]] && ((${'$'}{#words[@]} > 0)); then
      words[-1]+=$word
      cut=; [[ $word == [=:]* ]] && cut=yes
    else
      words+=("$word")
    fi
  done
  local current=${'$'}{words[-1]} before=
  # Of such a word it wants what comes after the last of them.
  [[ $current == *[=:]* ]] && before=${'$'}{current%"${'$'}{current##*[=:]}"}
  COMPREPLY=()
  while IFS=$'\t' read -r value about; do
    if [[ $value == :files ]]; then
      compopt -o filenames
      while IFS= read -r about; do COMPREPLY+=("$about"); done \
        < <(compgen -f -- "${'$'}{current#"$before"}")
    else
      COMPREPLY+=("${'$'}{value#"$before"}")
    fi
  done < <(slipway __complete -- "${'$'}{words[@]}" 2>/dev/null)
}
complete -F _slipway slipway
`,
  zsh: String.raw`#compdef slipway
# zsh completion of slipway: put it as _slipway into a directory of $fpath
_slipway() {
  local value about
  local -a values abouts
  slipway __complete -- "${'$'}{(@)words[2,CURRENT]}" 2>/dev/null | while IFS=$'\t' read -r value about; do
    if [[ $value == :files ]]; then
      compset -P '--*='
      _files
      return
    else
      values+=("$value")
      abouts+=("$value${'$'}{about:+  -- $about}")
    fi
  done
  compadd -Q -l -d abouts -a values
}
# From $fpath the file is loaded as the body of the function, which is then to be called; sourced, it only defines it.
if [ "$funcstack[1]" = _slipway ]; then _slipway "$@"; else compdef _slipway slipway; fi
`,
  fish: String.raw`# fish completion of slipway: put it into ~/.config/fish/completions/slipway.fish
function __slipway_complete
    set -l current (commandline -ct)
    set -l before (string match -r -- '^--[^=]*=' $current)
    for line in (slipway __complete -- (commandline -opc)[2..-1] "$current" 2>/dev/null)
        if test "$line" = :files
            for path in (__fish_complete_path (string replace -- "$before" '' "$current"))
                echo "$before$path"
            end
        else
            echo $line
        end
    end
end
complete -c slipway -f -a '(__slipway_complete)'
`,
} as const;

export type Shell = keyof typeof COMPLETION_SCRIPTS;
