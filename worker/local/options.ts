/** The options of a command line; what fits none is told in a sentence, without a stack. */
import { parseArgs, type ParseArgsConfig } from "node:util";

/** `help` is the command that tells what there is. Ends the process with status 2 where an option is unknown or lacks its value. */
export function optionsOf<const Config extends ParseArgsConfig>(
  help: string,
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (error) {
    return endWith(`${sentenceOf(error)}\n${help} says what there is`);
  }
}

/** Ends the process with status 2, as for every option that does not fit. */
export function endWith(text: string): never {
  process.stderr.write(`${text}\n`);
  process.exit(2);
}

/** Node adds how to pass such a word as an argument, which no command here takes. */
function sentenceOf(error: unknown): string {
  const [first = ""] = (error instanceof Error ? error.message : String(error)).split(". ");
  return first;
}
