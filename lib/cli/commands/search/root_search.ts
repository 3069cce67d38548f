/**
 * `search ROOT`: finds a text in every session below a directory. There is never more than one
 * session in memory, and each is printed before the next is read.
 *
 * @module
 */

import { quote } from "../../../errors.ts";
import { listBundle, newestStarts } from "../../../query/list/list_bundles.ts";
import type { Session } from "../../../query/session/session.ts";
import {
  type ListFilter,
  matchesFilter,
} from "../../../query/list/list_filter.ts";
import { search } from "../../../query/search/search.ts";
import type {
  SearchAnswer,
  UnreadablePayload,
} from "../../../query/search/search_answer.ts";
import { counted } from "../../../text/figures.ts";
import { pathHint } from "../../access/path_hint.ts";
import { filterOf } from "../../args/filter_flags.ts";
import type { ParsedArgs, ParsedFlags } from "../../args/parse_args.ts";
import { UsageError } from "../../args/usage_error.ts";
import { type CommandIo, EXIT } from "../../command.ts";
import { withBundleContext } from "../../errors/bundle_error.ts";
import { placesOf } from "../../shared/bundle_arguments.ts";
import { Losses } from "../../shared/bundle_losses.ts";
import { objectOf } from "../../shared/object_argument.ts";
import { openPlace } from "../../shared/open_target.ts";
import { printLines } from "../../shared/print.ts";
import {
  type RenderSettings,
  renderSettings,
} from "../../shared/query_command.ts";
import {
  exitOf,
  visitBundles,
  type Visited,
  type Visitor,
} from "../../shared/visit_bundles.ts";
import { withUnicode } from "../../text/wrap/unicode.ts";
import { everything, withoutCopies } from "./copies.ts";
import {
  FORMATS,
  type FoundSession,
  type RootFormat,
  totalLines,
} from "./root_formats.ts";
import { type Sought, soughtBy } from "./search_pattern.ts";
import { nothingLines, unreadWords } from "./search_text.ts";

/** Runs `search` of a directory above bundles. */
export async function searchRoot(
  { operands: [root = "", text = ""], flags }: ParsedArgs,
  io: CommandIo,
): Promise<number> {
  const settings = renderSettings(flags, io);
  const format = formatOf(flags);
  const filter = filterOf(flags);
  const sought = await soughtBy(text, flags);
  const { bundles, hasUnread } = placesOf([root], io);
  const request = { sought, filter, format, flags, settings };
  const searcher = new RootSearch(request, io);
  const visited = await visitBundles(
    newestStarts(bundles, filter),
    io,
    searcher,
  );
  if (bundles.length > 0) await searcher.end(bundles.length, visited);
  const isPartial = searcher.losses.any || hasUnread;
  const exit = exitOf(visited, isPartial);
  if (exit === EXIT.noResult && isPartial) return EXIT.partial;
  return exit === EXIT.ok && searcher.found === 0 ? EXIT.noResult : exit;
}

function formatOf(flags: ParsedFlags): RootFormat {
  if (flags.on("json")) {
    throw new UsageError(
      "--json is the answer about one bundle",
      "--jsonl prints a JSON object a line for each hit of every session",
    );
  }
  const formats = (["sessions", "count", "jsonl"] as const)
    .filter((each) => flags.on(each));
  if (formats.length > 1) {
    throw new UsageError(`--${formats.join(" and --")} cannot be combined`);
  }
  return formats[0] ?? "text";
}

/** What a search of a root needs. */
interface RootRequest {
  readonly sought: Sought;
  readonly filter: ListFilter;
  readonly format: RootFormat;
  readonly flags: ParsedFlags;
  readonly settings: RenderSettings;
}

class RootSearch implements Visitor<FoundSession | undefined> {
  readonly losses: Losses = new Losses();
  readonly #request: RootRequest;
  readonly #io: CommandIo;
  readonly #total = {
    searched: 0,
    found: 0,
    hits: 0,
    folded: 0,
    hasMoreHits: false,
  };
  /** Sessions without the thread that is searched. */
  #withoutThread = 0;
  #first: Pick<FoundSession, "bundle" | "listing"> | undefined;
  #asked: Pick<SearchAnswer, "pattern" | "scopes" | "thread"> | undefined;
  readonly #unread: Pick<UnreadablePayload, "capture">[] = [];

  constructor(request: RootRequest, io: CommandIo) {
    this.#request = request;
    this.#io = io;
  }

  /** Sessions with hits. */
  get found(): number {
    return this.#total.found;
  }

  visit(bundle: string): FoundSession | undefined {
    const { filter, flags, settings: { limits } } = this.#request;
    const list = () => listBundle(bundle, { limits, tokens: false });
    const brief = isAboutContents(filter) ? list() : undefined;
    // One that cannot be read is opened, for the best error message.
    if (brief?.error === null && !matchesFilter(brief, filter)) return;
    const session = withBundleContext(
      bundle,
      () => openPlace(bundle, { limits }),
      (error) => pathHint(bundle, error),
    );
    this.losses.add(session);
    const thread = objectOf(session, flags.value("thread"), "thread");
    if (thread === null) {
      this.#withoutThread++;
      return;
    }
    const answer = this.#search(session, thread?.id);
    if (answer.objects.length === 0) return;
    const { withCopies } = this.#request.sought;
    const listing = withCopies ? everything(answer) : withoutCopies(answer);
    return { bundle, brief: brief ?? list(), answer, listing };
  }

  #search(session: Session, thread: string | undefined): SearchAnswer {
    const { sought: { pattern, scopes }, format, flags } = this.#request;
    const isAll = format === "jsonl" && flags.values("hits").length === 0;
    const answer = search(session, pattern, {
      scopes,
      maxHits: isAll ? Infinity : flags.number("hits") ?? Infinity,
      ...(thread === undefined ? {} : { thread }),
    });
    this.#total.searched++;
    this.#asked = {
      pattern: answer.pattern,
      scopes: answer.scopes,
      thread: answer.thread,
    };
    for (const { capture } of answer.unreadable_payloads) {
      this.#unread.push({ capture });
    }
    return answer;
  }

  skip(): void {}

  async print(session: FoundSession): Promise<boolean> {
    const { format, flags, settings: { render } } = this.#request;
    const { bundle, answer, listing } = session;
    const isPlain = !this.#io.terminal().isTerminal && !flags.on("width");
    const isFirst = this.#first === undefined;
    await printLines(
      this.#io,
      () => FORMATS[format](session, { isFirst, isPlain, render }),
    );
    if (answer.has_more_hits && format === "count") {
      this.#io.stderrLine(`note: ${quote(bundle)} has at least so many hits`);
    }
    const total = this.#total;
    total.found++;
    total.hits += listing.hits;
    total.folded += listing.folded;
    total.hasMoreHits ||= answer.has_more_hits;
    this.#first ??= { bundle, listing };
    return total.found < (flags.number("max-count") ?? Infinity);
  }

  /** Reports what there was in all of `bundles`. */
  async end(bundles: number, visited: Visited): Promise<void> {
    const { format, settings: { render } } = this.#request;
    const [first, asked] = [this.#first, this.#asked];
    if (first !== undefined && asked !== undefined && format === "text") {
      await printLines(
        this.#io,
        () => totalLines(this.#total, asked, first, render),
      );
    }
    const messages = () => [...this.#messages(bundles, visited)];
    for (const line of await withUnicode(messages)) this.#io.stderrLine(line);
    this.losses.report(this.#io);
  }

  *#messages(bundles: number, { unread }: Visited): Generator<string> {
    const { flags, settings: { render } } = this.#request;
    const { searched, found } = this.#total;
    if (this.#asked !== undefined && found === 0) {
      const what = `no hit in ${counted(searched, "session")}`;
      yield* nothingLines(this.#asked, what, render);
    } else if (this.#withoutThread > 0 && searched === 0) {
      yield `no session has the thread ${quote(flags.value("thread") ?? "")}`;
    } else if (searched === 0 && unread < bundles) {
      yield `no session of ${counted(bundles, "bundle")} matches`;
    }
    yield* unreadWords(this.#unread);
  }
}

/** Whether more than the start of a session must be known to filter it. */
function isAboutContents({ failed, model, cwd, text }: ListFilter): boolean {
  return failed === true ||
    [model, cwd, text].some((each) => each !== undefined);
}
