/**
 * Names of users and hosts that identify no person: those of images, of services, and the words of the
 * format itself, which a copy must keep.
 *
 * @module
 */

/** Users and hosts of images, services and examples; values of the format. */
const ORDINARY: ReadonlySet<string> = new Set(
  `root user users admin administrator ubuntu debian fedora centos alpine node
  runner vscode codespace codex dev developer git guest public shared default
  www-data daemon test tester app apps home work workspace project me you
  name username system assistant tool tools model agent agents ec2-user jenkins
  circleci travis gitpod deno npm python ruby java go rust all any none null true
  false unknown localhost host hostname server local linux darwin windows macos
  container docker sandbox build builder ci src lib bin etc opt tmp var usr
  completed failed running cancelled aborted interrupted pending started ended
  text message content input output type status error reason kind role path file
  code main master origin http https openai api www web db database postgres
  mysql redis mongo mongodb cache broker kafka rabbitmq nginx proxy worker
  analysis commentary final summary developer function reasoning session thread
  turn item call cell payload request response started resumed spawned wait
  exec_command write_stdin apply_patch
  sessions archived_sessions skills hooks prompts memories log logs`.split(
    /\s+/,
  ),
);

/** What is in a folder is a file, and no user. */
const FILE =
  /\.(?:toml|jsonc?|jsonl|md|txt|ya?ml|sh|log|lock|m?[jt]sx?|py|rs|go|html|css|zip|gz|db|sqlite)$/;

/** Whether a name identifies no person, or is a word of the format. */
export function isOrdinaryName(name: string): boolean {
  const plain = name.toLowerCase();
  return ORDINARY.has(plain) || /^[.\d_-]*$/.test(plain) || FILE.test(plain);
}
