# Prints what an interactive zsh would complete: SCRIPT WORDS
zmodload zsh/zpty
zpty shell zsh -f -i
{
  zpty -w shell "source ${0:h}/zsh_init.zsh ${(q)1}"
  zpty -r -m shell seen '*capture-ready*'
  zpty -w shell "$2"$'\t'
  zpty -r -m shell seen '*capture-done*'
} always {
  zpty -d shell
}
print -r -- "$seen"
