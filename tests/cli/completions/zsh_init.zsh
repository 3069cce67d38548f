# Inside the zsh that is watched: reports what is added to the list of completions.
PROMPT=
autoload -Uz compinit
compinit -C -d $1.dump
source $1
bindkey '^I' complete-word
zstyle ':completion:*' insert-tab false
compadd() {
  if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
    builtin compadd "$@"
    return
  fi
  local each
  local -a found
  builtin compadd -A found "$@"
  for each in $found; do print -r -- "match<$each>"; done
}
capture-done() {
  print capture-done
  exit
}
comppostfuncs=(capture-done)
print capture-ready
