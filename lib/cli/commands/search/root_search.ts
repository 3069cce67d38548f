/**
 * `search ROOT`: finds a text in every session below a directory. There is never more than one
 * session in memory, and each is printed before the next is read.
 *
 * @module
 */

import { quote } from "../../../errors.ts";
import { newestStarts } from "../../../query/list/list_bundles.ts";
import {
  BUNDLE_SCOPES,
  type SearchAnswer,
  type UnreadablePayload,
} from "../../../query/search/search_answer.ts";
import { counted } from "../../../text/figures.ts";
import { filterOf } from "../../args/filter_flags.ts";
import type { ParsedArgs, ParsedFlags } from "../../args/parse_args.ts";
import { UsageError } from "../../args/usage_error.ts";
import { type CommandIo, EXIT } from "../../command.ts";
import { placesOf } from "../../shared/bundle_arguments.ts";
import { Losses } from "../../shared/bundle_losses.ts";
import { jobOptions } from "../../shared/jobs/job_options.ts";
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
} from "../../shared/jobs/visit_bundles.ts";
import { withUnicode } from "../../text/wrap/unicode.ts";
import { everything, withoutCopies } from "./copies.ts";
import {
  FORMATS,
  type FoundSession,
  type RootFormat,
  totalLines,
} from "./root_formats.ts";
import { SEARCH_JOB, type SearchedSession } from "./search_job.ts";
import { type Sought, soughtBy } from "./search_pattern.ts";
import { hasDamaged, nothingLines, unreadWords } from "./search_text.ts";

/** Runs `search` of a directory above bundles. */
export async function searchRoot(
  { operands: [root = "", text = ""], flags }: ParsedArgs,
  io: CommandIo,
): Promise<number> {
  const settings = renderSettings(flags, io);
  const format = formatOf(flags);
  const filter = filterOf(flags);
  const sought = await soughtBy(text, flags);
  const { bundles, hasUnread } = placesOf(
    [root],
    io,
    "session",
    sought.scopes.some((scope) => !BUNDLE_SCOPES.has(scope)),
  );
  const searcher = new RootSearch({ sought, format, flags, settings }, io);
  const { pattern: _, ...plain } = sought;
  const job = {
    name: "search",
    kind: SEARCH_JOB,
    settings: {
      sought: plain,
      filter,
      limits: settings.limits,
      thread: flags.value("thread"),
      maxHits: maxHitsOf(format, flags),
    },
  } as const;
  const visited = await visitBundles(
    newestStarts(bundles, filter),
    io,
    job,
    jobOptions(flags, io),
    searcher,
  );
  if (bundles.length > 0) await searcher.end(bundles.length, visited);
  const isPartial = searcher.isPartial || hasUnread;
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

/** Of JSON lines, all hits; else only the first ones, unless more are wanted. */
function maxHitsOf(format: RootFormat, flags: ParsedFlags): number {
  return format === "jsonl" && flags.values("hits").length === 0
    ? Infinity
    : flags.number("hits") ?? Infinity;
}

/** What a search of a root needs. */
interface RootRequest {
  readonly sought: Sought;
  readonly format: RootFormat;
  readonly flags: ParsedFlags;
  readonly settings: RenderSettings;
}

class RootSearch implements Visitor<SearchedSession> {
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

  /** Whether a part of a session could not be searched. */
  get isPartial(): boolean {
    return this.losses.any || hasDamaged(this.#unread);
  }

  /** Sessions with hits. */
  get found(): number {
    return this.#total.found;
  }

  take(searched: SearchedSession): boolean {
    if (searched.type === "unwanted") return false;
    this.losses.add(searched.losses);
    if (searched.type === "no thread") {
      this.#withoutThread++;
      return false;
    }
    const { answer } = searched;
    this.#total.searched++;
    this.#asked = {
      pattern: answer.pattern,
      scopes: answer.scopes,
      thread: answer.thread,
    };
    for (const { capture } of answer.unreadable_payloads) {
      this.#unread.push({ capture });
    }
    return answer.objects.length > 0;
  }

  async print(searched: SearchedSession): Promise<boolean> {
    if (searched.type !== "searched" || searched.brief === null) return true;
    const { bundle, brief, answer } = searched;
    const { withCopies } = this.#request.sought;
    const listing = withCopies ? everything(answer) : withoutCopies(answer);
    return await this.#print({ bundle, brief, answer, listing });
  }

  async #print(session: FoundSession): Promise<boolean> {
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
      yield `none of ${counted(bundles, "session")} match`;
    }
    yield* unreadWords(this.#unread);
  }
}
